/// Paths of files as the system has them: bytes between slashes.
///
/// To Swift a slash before an accent is one character with it; here it is a slash.
package enum FilePath {
  private static let slash = UInt8(ascii: "/")

  /// Whether a path begins at the root.
  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  /// The folder that a path stands in; nil for a path of one component.
  package static func parent(of path: String) -> String? {
    guard let last = path.utf8.lastIndex(of: slash) else { return nil }
    if last == path.startIndex { return path.utf8.count > 1 ? "/" : nil }
    return String(decoding: path.utf8[..<last], as: UTF8.self)
  }

  /// `folder/name`.
  package static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// Whether a path names something in a folder that it is relative to: it has no `.` and no `..`, and no NUL.
  package static func isInside(_ path: String) -> Bool {
    !isAbsolute(path) && !path.utf8.contains(0)
      && path.utf8.split(separator: slash).allSatisfy { !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
  }
}
