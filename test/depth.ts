/** How far a test that searches goes: `usual` in `bin/test`, `deep` in `bin/test --all`. */
export const runs = (usual: number, deep: number): number => (process.env.ONSALE_ALL === '1' ? deep : usual);
