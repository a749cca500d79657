/** Buckets of a quarter of a millisecond, up to a minute. */
const PER_MS = 4;
const LONGEST_MS = 60_000;

/** How long deliveries took, for percentiles. Cost: one increment a delivery. */
export class Latencies {
  readonly #buckets = new Float64Array(LONGEST_MS * PER_MS);
  count = 0;

  add(ms: number): void {
    const bucket = Math.min(this.#buckets.length - 1, Math.max(0, Math.floor(ms * PER_MS)));
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.count++;
  }

  /** The time under which this share of all deliveries stayed, in milliseconds; NaN without any. */
  at(share: number): number {
    let left = share * this.count;
    for (let bucket = 0; bucket < this.#buckets.length && this.count > 0; bucket++) {
      left -= this.#buckets[bucket] ?? 0;
      if (left <= 0) return (bucket + 1) / PER_MS;
    }
    return Number.NaN;
  }
}

/**
 * Every update that was sent: when and by whom; and what of it came where. Updates, not frames:
 * servers may put several into one. Only those sent within the window are timed and owed.
 */
export class Deliveries {
  /** Deliveries so far, at the timed clients. */
  received = 0;
  latencies = new Latencies();
  readonly #sentAt: number[] = [];
  readonly #sentBy: number[] = [];
  #from = Number.POSITIVE_INFINITY;
  #to = Number.POSITIVE_INFINITY;

  /** Notes that the next update leaves now; returns its number. */
  send(by: number): number {
    this.#sentBy.push(by);
    return this.#sentAt.push(performance.now()) - 1;
  }

  get sent(): number {
    return this.#sentAt.length;
  }

  openWindow(): void {
    this.latencies = new Latencies();
    this.#from = this.sent;
    this.#to = Number.POSITIVE_INFINITY;
  }

  closeWindow(): void {
    this.#to = this.sent;
  }

  get inWindow(): number {
    return Math.min(this.#to, this.sent) - this.#from;
  }

  sentBy(n: number): number {
    return this.#sentBy[n] ?? -1;
  }

  /** True for the window's updates. */
  owed(n: number): boolean {
    return n >= this.#from && n < this.#to && n < this.sent;
  }

  /** Times an update's arrival at a client. */
  arrive(n: number, now: number): void {
    const at = this.#sentAt[n];
    if (at === undefined) return;
    this.received++;
    if (this.owed(n)) this.latencies.add(now - at);
  }
}
