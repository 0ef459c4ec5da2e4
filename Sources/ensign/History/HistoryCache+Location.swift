internal import Ensign
internal import FlagHistory
internal import Git
internal import Glibc

extension HistoryCache {
  /// The cache of what the commits of a repository changed, in this user's folder for such things; nil where there is
  /// none, because neither `XDG_CACHE_HOME` nor `HOME` says where.
  ///
  /// - Parameters:
  ///   - folder: the path of the flags tree from the top of the repository.
  ///   - environment: the only one that is looked at; nil for all.
  convenience init?(
    of repository: borrowing Repository, folder: String, environment: String?, _ console: Console
  ) {
    guard let base = Self.base(console), let program = Self.program() else { return nil }
    let subject = [repository.commonDirectory, folder, environment ?? ""].joined(separator: "\0")
    let name = SHA256.hexadecimal(Array(subject.utf8)).prefix(16)
    self.init(in: "\(base)/ensign/history/\(name)", of: program)
  }

  /// The XDG Base Directory Specification: a path that is not absolute counts as none.
  private static func base(_ console: Console) -> String? {
    func absolute(_ name: String) -> String? {
      console.variable(name).flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    return absolute("XDG_CACHE_HOME") ?? absolute("HOME").map { FileSystem.join($0, ".cache") }
  }

  /// What another build of this program does not have: it may compile flags to something else.
  private static func program() -> String? {
    let descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // The first page has the linker's digest of all; where a linker gives none, size and time tell builds apart.
    var page = [UInt8](repeating: 0, count: 4096)
    var status = stat()
    guard fstat(descriptor, &status) == 0, read(descriptor, &page, page.count) == page.count else { return nil }
    let words = " \(LibraryVersion.text) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    return String(SHA256.hexadecimal(page + words.utf8).prefix(16))
  }
}
