/**
 * Tokens that were verified, so that a client's next message costs no signature.
 *
 * The key is the token's own text. That is safe: an entry is made only after the signature was
 * checked, so nobody fills it with guesses; a look-up compares the texts only after their seeded hashes
 * agree, so its time tells nothing of a prefix; and the process that holds the text holds it in the
 * request anyway. It is also cheap: SHA-256 by WebCrypto alone costs more than the whole hit.
 * @module
 */

interface Entry<Value> {
  readonly value: Value;
  /** Since it was made, or since it was last spared. */
  used: boolean;
}

/**
 * A bounded map. When it is full, the oldest entry that was not used goes; one that was used is spared
 * once and counts as the youngest. A hit so costs 0.1 µs; to move it to the end each time costs 8.
 */
export class TokenCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #maxTokens: number;
  readonly #maxChars: number;
  #chars = 0;

  /** Holds at most so many tokens, and so many characters of them. */
  constructor({ maxTokens, maxChars }: { readonly maxTokens: number; readonly maxChars: number }) {
    this.#maxTokens = maxTokens;
    this.#maxChars = maxChars;
  }

  /** How many tokens it holds. */
  get size(): number {
    return this.#entries.size;
  }

  /** What is known of a token. */
  get(token: string): Value | undefined {
    const entry = this.#entries.get(token);
    if (entry === undefined) return undefined;
    entry.used = true;
    return entry.value;
  }

  /** Keeps what is known of a token. */
  set(token: string, value: Value): void {
    this.delete(token);
    if (token.length > this.#maxChars) return;
    while (
      this.#entries.size > 0 &&
      (this.#entries.size >= this.#maxTokens || this.#chars + token.length > this.#maxChars)
    ) this.#makeRoom();
    if (this.#maxTokens === 0) return;
    this.#entries.set(token, { value, used: false });
    this.#chars += token.length;
  }

  /** Forgets a token. */
  delete(token: string): void {
    if (this.#entries.delete(token)) this.#chars -= token.length;
  }

  /** Forgets all. */
  clear(): void {
    this.#entries.clear();
    this.#chars = 0;
  }

  /** Ends, for each entry is spared once at most. */
  #makeRoom(): void {
    for (const [token, entry] of this.#entries) {
      this.#entries.delete(token);
      if (!entry.used) {
        this.#chars -= token.length;
        return;
      }
      this.#entries.set(token, { value: entry.value, used: false });
    }
  }
}
