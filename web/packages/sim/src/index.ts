export * from "./coins.ts";
export * from "./interpolation.ts";
export * from "./messages.ts";
export * from "./motor.ts";
export * from "./prediction.ts";
export * from "./stage.ts";
export * from "./tuning.ts";
