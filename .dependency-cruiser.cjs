/**
 * Who may import whom, as docs/decisions/001 and the README draw it. Type-only imports count too,
 * except where a rule says otherwise: a type is a dependency of thought.
 */
const FEATURES = [
  "audit",
  "people",
  "curricula",
  "drafts",
  "rounds",
  "inputs",
  "moderation",
  "decisions",
  "workshops",
  "versions",
];

const rule = (name, from, to, comment) => ({ name, severity: "error", comment, from, to });

module.exports = {
  forbidden: [
    rule(
      "app-not-server",
      { path: "^app/" },
      { path: "^server/" },
      "The app never imports the server.",
    ),
    rule(
      "document-alone",
      { path: "^app/document/" },
      { path: "^(app|server|db)/", pathNot: "^app/document/" },
      "document/ runs anywhere and knows nothing of ours.",
    ),
    rule(
      "ui-alone",
      { path: "^app/(ui|i18n)/" },
      { path: "^(app|server|db)/", pathNot: "^app/(ui|i18n)/" },
      "ui/ has no domain words, i18n/ only words.",
    ),
    rule("db-alone", { path: "^db/" }, { path: "^(app|server)/" }, "db/ knows tables, not rules."),
    rule(
      "editor-imports",
      { path: "^app/editor/" },
      { path: "^(app|server|db)/", pathNot: "^app/(editor|document|ui|i18n)/" },
      "The editor knows documents and widgets.",
    ),
    rule(
      "features-not-routes",
      { path: "^app/features/" },
      { path: "^app/(routes|editor|enhance)/" },
      "Features don't know their addresses' pages.",
    ),
    rule(
      "db-only-in-server-files",
      { path: "^app/", pathNot: "(\\.server\\.tsx?$|^app/context\\.ts$)" },
      { path: "^db/" },
      "Tables are for .server.ts files.",
    ),
    rule(
      "routes-without-sql",
      { path: "^app/routes/" },
      { path: "(^db/|^node_modules/kysely/)" },
      "A route has no SQL.",
    ),
    rule(
      "no-circular",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
      "No circles.",
    ),
    ...FEATURES.map((feature, i) =>
      rule(
        `${feature}-imports-lower-features`,
        { path: `^app/features/${feature}/` },
        { path: `^app/features/(${FEATURES.slice(i + 1).join("|") || "none"})/` },
        "A feature imports lower ones only.",
      ),
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { conditionNames: ["import", "node", "default", "types"] },
  },
};
