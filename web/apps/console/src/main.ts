import "uplot/dist/uPlot.min.css";
import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has lost its #app element");
mount(App, { target });
