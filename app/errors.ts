/** A text in the catalogue, with what fills its gaps: `{ key: "inputs:tooLong", params: { max: 5000 } }`. */
export type Message = { key: string; params?: Record<string, string | number> };

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
