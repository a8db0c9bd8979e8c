/**
 * Loads a package of this folder, which nothing else in the project knows: it is installed by
 * `npm run bench -- --install-peers` only, so the compiler cannot look at its types.
 */
export async function loadPeer<Module>(name: string): Promise<Module> {
  // The caller says of the package what it uses of it, after its documentation.
  return (await import(name)) as Module;
}
