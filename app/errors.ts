/** A text in the catalogue, with what fills its gaps: `{ key: "inputs:tooLong", params: { max: 5000 } }`. */
export type Message = { key: string; params?: Record<string, string | number> };

/** Where a refusal carries the names of its classes. */
const KINDS = Symbol.for("groundwork.refusal");

/**
 * What a command refuses with. The message says what to do, in the reader's language; it is shown
 * to people, so nothing personal goes into `params`.
 */
export class AppError extends Error {
  readonly status: number;
  readonly text: Message;

  constructor(status: number, key: string, params?: Message["params"]) {
    super(key);
    this.name = new.target.name;
    this.status = status;
    this.text = { key, params };
    const kinds: string[] = [];
    for (let kind = new.target as { name: string }; kind.name; kind = Object.getPrototypeOf(kind))
      kinds.push(kind.name);
    Object.defineProperty(this, KINDS, { value: kinds });
  }

  /**
   * The server and the pages are built apart, each with its own copy of these classes: what one
   * throws, the other knows by its name.
   */
  static override [Symbol.hasInstance](error: unknown): boolean {
    const kinds = (error as { [KINDS]?: string[] } | null | undefined)?.[KINDS];
    // biome-ignore lint/complexity/noThisInStatic: each class asks for itself
    return kinds?.includes(this.name) ?? false;
  }
}

/** There is no such thing, or not for this person: the two look the same from outside. */
export class NotFound extends AppError {
  constructor(key = "errors:notFound", params?: Message["params"]) {
    super(404, key, params);
  }
}

/** They may know of it, but not do this. */
export class Forbidden extends AppError {
  constructor(key = "errors:forbidden", params?: Message["params"]) {
    super(403, key, params);
  }
}

/** Somebody else was first, or the text has moved on since the form was opened. */
export class Conflict extends AppError {
  constructor(key = "errors:conflict", params?: Message["params"]) {
    super(409, key, params);
  }
}

/** The input can't be taken as it is. `field` names the form field to mark. */
export class Invalid extends AppError {
  readonly field: string | undefined;

  constructor(key: string, params?: Message["params"], field?: string) {
    super(422, key, params);
    this.field = field;
  }
}

/** Too often, from one place. */
export class TooMany extends AppError {
  constructor(key = "errors:tooMany", params?: Message["params"]) {
    super(429, key, params);
  }
}
