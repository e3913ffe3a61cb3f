import { render } from "preact";
import { App } from "./app";
import "./style.css";

async function start(): Promise<void> {
  // Outside the program, for whoever works on the window: an invented help desk in place of the real one.
  if (import.meta.env.MODE !== "production") {
    const { mock } = await import("./testing/dev-mock");
    mock();
  }
  const root = document.getElementById("app");
  if (root) render(<App />, root);
}

void start();
