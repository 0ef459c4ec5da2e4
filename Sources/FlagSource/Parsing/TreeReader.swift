/// Reads a flags tree: every file on its own, nothing checked against other files.
package enum TreeReader {
  /// Reads all files of a tree, on as many threads as are worth it.
  ///
  /// The result is the same whatever the threads did: it only depends on the files' paths and bytes.
  ///
  /// - Parameter known: what reading another tree with the same manifest gave, if that is known: the manifest is not
  ///   read again then, and what is wrong with it not told again.
  /// - Throws: when the files cannot even be listed. A file that cannot be read is a finding.
  package static func read(
    _ files: some FlagFiles, withManifestOf known: TreeReading? = nil
  ) throws(FileAccessError) -> TreeReading {
    let listing = try TreeListing(files, withManifestOf: known)
    let parts = try listing.read(listing.definitions + listing.configs + listing.tests)
    let part = TreePart(joining: [listing.first] + parts)
    return listing.reading(of: part, tree: listing.tree(of: part))
  }
}
