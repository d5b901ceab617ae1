export * from "./motor.ts";
export * from "./stage.ts";
export * from "./messages.ts";
