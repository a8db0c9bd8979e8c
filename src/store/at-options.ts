/** What of a state is read. */
export interface AtOptions<Values extends object> {
  /** These keys alone; all of them unless said otherwise. */
  readonly keys?: readonly (keyof Values & string)[];
}
