/**
 * Tokens that were verified, so that a client's next message costs no signature.
 *
 * The key is the token's own text. That is safe: an entry is made only after the signature was
 * checked, so nobody fills it with guesses; a look-up compares the texts only after their seeded hashes
 * agree, so its time tells nothing of a prefix; and the process that holds the text holds it in the
 * request anyway. It is also cheap: SHA-256 by WebCrypto alone costs more than the whole hit.
 * @module
 */

/** A bounded map, the least recently used entry first. */
export class TokenCache<Value> {
  readonly #entries = new Map<string, Value>();
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
    const value = this.#entries.get(token);
    if (value === undefined) return undefined;
    this.#entries.delete(token);
    this.#entries.set(token, value);
    return value;
  }

  /** Keeps what is known of a token. */
  set(token: string, value: Value): void {
    this.delete(token);
    if (token.length > this.#maxChars) return;
    this.#entries.set(token, value);
    this.#chars += token.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxTokens && this.#chars <= this.#maxChars) return;
      this.delete(oldest);
    }
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
}
