import {
  BLOCKS_WITH_ID,
  CALLOUT_KINDS,
  type DocJSON,
  HEADING_LEVELS,
  type MarkJSON,
  type NodeJSON,
  OBJECTIVE_LEVELS,
  PARTS,
  SAFE_LINK,
  schema,
} from "./schema.ts";

/** How deep blocks may nest. Deeper trees come from no editor and can exhaust a stack. */
export const MAX_DEPTH = 40;

const ID = /^[\w-]{1,40}$/;
const LONGEST = 2000;

type Rule = (value: unknown) => boolean;
const oneOf =
  (...values: readonly unknown[]): Rule =>
  (value) =>
    values.includes(value);
const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null || rule(value);
const integer =
  (from: number, to: number): Rule =>
  (value) =>
    Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
const words: Rule = (value) => typeof value === "string" && value.length <= LONGEST;

const cell: Record<string, Rule> = {
  colspan: integer(1, 100),
  rowspan: integer(1, 1000),
  colwidth: orNull(
    (value) => Array.isArray(value) && value.length <= 100 && value.every(integer(0, 10_000)),
  ),
  align: orNull(oneOf("left", "center", "right")),
};

const NODE_ATTRS: Record<string, Record<string, Rule>> = {
  heading: {
    level: oneOf(...HEADING_LEVELS),
    part: orNull(oneOf(...PARTS)),
    minutes: orNull(integer(1, 1440)),
  },
  objective: {
    level: oneOf(...OBJECTIVE_LEVELS),
    condition: words,
    standard: words,
    assessed: words,
  },
  callout: { kind: oneOf(...CALLOUT_KINDS) },
  orderedList: {
    start: integer(0, 1_000_000),
    type: orNull(oneOf("1", "a", "A", "i", "I")),
  },
  tableCell: cell,
  tableHeader: cell,
};
for (const type of BLOCKS_WITH_ID) {
  NODE_ATTRS[type] = {
    ...NODE_ATTRS[type],
    id: orNull((value) => typeof value === "string" && ID.test(value)),
  };
}

const MARK_ATTRS: Record<string, Record<string, Rule>> = {
  link: {
    href: (value) => typeof value === "string" && value.length <= LONGEST && SAFE_LINK.test(value),
  },
};

type Rules = Record<string, Rule>;

function checkAttrs(
  owner: string,
  attrs: Record<string, unknown> | undefined,
  rules: Rules = {},
): string | null {
  for (const [name, value] of Object.entries(attrs ?? {})) {
    const wrong = checkOne(owner, name, value, rules);
    if (wrong) return wrong;
  }
  return null;
}

function checkOne(owner: string, name: string, value: unknown, rules: Rules): string | null {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (!rule) return `${owner} has no attribute ${name}`;
  return rule(value) ? null : `${owner}.${name} may not be ${JSON.stringify(value)}`;
}

/** Checks one attribute of a node. */
export function checkAttr(node: string, name: string, value: unknown): string | null {
  return checkOne(
    node,
    name,
    value,
    Object.hasOwn(NODE_ATTRS, node) ? (NODE_ATTRS[node] ?? {}) : {},
  );
}

/**
 * Whether a node may have such a child. Every content expression of the schema is "any number of
 * these, in any order", so each child can be judged alone, and deleting one is always sound.
 */
export function mayHold(parent: string, child: string): boolean {
  const { nodes } = schema();
  const type = Object.hasOwn(nodes, parent) ? nodes[parent] : undefined;
  const childType = Object.hasOwn(nodes, child) ? nodes[child] : undefined;
  return Boolean(type && childType && type.contentMatch.matchType(childType));
}

/** Checks the attributes of one mark. */
export function checkMark(mark: MarkJSON): string | null {
  if (!Object.hasOwn(schema().marks, mark.type)) return `unknown mark ${mark.type}`;
  const wrong = checkAttrs(mark.type, mark.attrs, MARK_ATTRS[mark.type]);
  if (wrong) return wrong;
  return mark.type === "link" && mark.attrs?.href === undefined ? "link without address" : null;
}

/** Checks a format as Yjs keeps it: the attributes of the mark that begins, null where it ends. */
export function checkFormat(name: string, value: unknown): string | null {
  if (value === null) return Object.hasOwn(schema().marks, name) ? null : `unknown mark ${name}`;
  if (typeof value !== "object" || Array.isArray(value)) return `${name} has no attributes`;
  return checkMark({ type: name, attrs: value as Record<string, unknown> });
}

/**
 * Checks one node and not what is inside its children: its type, attributes, marks and which
 * types its children have. Answers what is wrong, for the log, or null.
 */
export function checkNode(node: NodeJSON): string | null {
  const { nodes } = schema();
  const type = Object.hasOwn(nodes, node.type) ? nodes[node.type] : undefined;
  if (!type) return `unknown node ${node.type}`;
  const wrong = checkAttrs(node.type, node.attrs, NODE_ATTRS[node.type]);
  if (wrong) return wrong;

  const marks = node.marks ?? [];
  if (marks.length > 0 && !type.isInline) return `${node.type} can't carry marks`;
  if (new Set(marks.map((mark) => mark.type)).size < marks.length) return "a mark twice";
  for (const mark of marks) {
    const wrongMark = checkMark(mark);
    if (wrongMark) return wrongMark;
  }
  if (type.isText) {
    return typeof node.text === "string" && node.text !== "" ? null : "text without characters";
  }
  if (node.text !== undefined) return `${node.type} can't carry text`;

  let match = type.contentMatch;
  for (const child of node.content ?? []) {
    const childType = Object.hasOwn(nodes, child.type) ? nodes[child.type] : undefined;
    const next = childType && match.matchType(childType);
    if (!next) return `${node.type} can't hold ${child.type}`;
    match = next;
  }
  return match.validEnd ? null : `${node.type} is incomplete`;
}

/** Checks a node and everything in it. */
export function checkTree(node: NodeJSON, depth = 0): string | null {
  if (depth > MAX_DEPTH) return "nested too deeply";
  const wrong = checkNode(node);
  if (wrong) return wrong;
  for (const child of node.content ?? []) {
    const inside = checkTree(child, depth + 1);
    if (inside) return inside;
  }
  return null;
}

/** Checks a whole document. Answers what is wrong, for the log, or null when it is sound. */
export function check(json: DocJSON): string | null {
  return json.type === "doc" ? checkTree(json) : "not a document";
}
