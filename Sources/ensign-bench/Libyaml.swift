internal import CBench
internal import Glibc

/// The baselines that read a tree and parse it with bare libyaml, in C on one thread.
enum Libyaml {
  /// Reads each of the files, and parses it.
  static func parse(_ files: [String]) throws(Failure) -> cbench_counts {
    try read(files, parses: true)
  }

  /// Reads each of the files.
  static func readOnly(_ files: [String]) throws(Failure) -> cbench_counts {
    try read(files, parses: false)
  }

  private static func read(_ files: [String], parses: Bool) throws(Failure) -> cbench_counts {
    var paths: [UnsafePointer<CChar>?] = files.map { UnsafePointer(strdup($0)) }
    defer { for path in paths { free(UnsafeMutablePointer(mutating: path)) } }
    var counts = cbench_counts()
    var failed = 0
    let status = cbench_read_files(&paths, paths.count, parses, &counts, &failed)
    guard status == 0 else { throw Failure("bare libyaml, \(files[failed])", errno: status) }
    return counts
  }

  /// Reads the blobs of a commit below a folder through bare libgit2, and parses each.
  ///
  /// - Parameter parses: Whether they are parsed; otherwise only libgit2 is measured.
  static func parse(
    commit revision: String, in repository: String, below folder: String, parses: Bool = true
  ) throws(Failure) -> cbench_counts {
    var counts = cbench_counts()
    if let failed = cbench_read_commit(repository, revision, folder, parses, &counts) {
      throw Failure("bare libgit2: \(String(cString: failed))")
    }
    return counts
  }
}
