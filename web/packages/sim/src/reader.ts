/** Reads little-endian numbers and texts; throws RangeError beyond the end. */
export class Reader {
  private readonly view: DataView;
  private at = 0;

  constructor(private readonly data: Uint8Array) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  u8(): number {
    return this.view.getUint8(this.past(1));
  }

  u16(): number {
    return this.view.getUint16(this.past(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.past(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.past(4), true);
  }

  text(): string {
    const length = this.u16();
    const start = this.past(length);
    return new TextDecoder().decode(this.data.subarray(start, start + length));
  }

  list<T>(count: number, read: () => T): T[] {
    return Array.from({ length: count }, read);
  }

  /** Nothing may be left. */
  end(): void {
    if (this.at !== this.data.byteLength) throw new RangeError(`${this.data.byteLength - this.at} bytes too many`);
  }

  private past(count: number): number {
    const start = this.at;
    if (start + count > this.data.byteLength) throw new RangeError("the message is cut off");
    this.at += count;
    return start;
  }
}
