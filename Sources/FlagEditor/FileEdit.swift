/// What happens to one file of a flags tree.
package struct FileEdit: Sendable {
  /// The ways to change a file.
  package enum Change: Sendable {
    /// A file that is there gets what the function makes of its bytes.
    ///
    /// A function and no bytes, because a commit and the working tree may have it with different line ends.
    case edit(@Sendable ([UInt8]) throws(FlagEditError) -> [UInt8])
    /// A new file, which must not be there.
    case create([UInt8])
    /// A file goes.
    case remove
  }

  /// Relative to the tree's root.
  package var path: String
  /// What happens to it.
  package var change: Change

  package init(path: String, _ change: Change) {
    self.path = path
    self.change = change
  }
}
