import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";
import remixConfig from "./remix.config.js";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  plugins: [remix(remixConfig)],
  build: { target: "es2020", sourcemap: false },
  // A cold dependency cache breaks hydration in development: name what the editor loads lazily.
  optimizeDeps: {
    include: [
      "react",
      "react-dom/client",
      "@remix-run/react",
      "i18next",
      "react-i18next",
      "yjs",
      "y-websocket",
      "@tiptap/core",
      "@tiptap/react",
    ],
  },
});
