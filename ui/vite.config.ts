import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    target: ["es2022", "safari16", "chrome110"],
    // The window's content policy allows no script or style but files of its own.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    env: { TZ: "UTC" },
    restoreMocks: true,
    // Generous, for machines that have other things to do.
    testTimeout: 30_000,
  },
});
