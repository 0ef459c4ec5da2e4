internal import Ensign
internal import Glibc

/// Notices that a file of a folder may have been replaced.
///
/// The kernel tells of changes in the folder as they happen. It does not where the folder lies on another machine, or
/// its path leads over links that change; so the file is looked at once a second besides.
struct FolderWatch {
  /// What a file had last, by which a replaced one is told.
  struct Mark: Hashable {
    fileprivate let device: UInt
    fileprivate let node: UInt
    fileprivate let size: Int
    fileprivate let changed: [Int]
  }

  private let path: String
  private let folder: String

  /// A watch of a file.
  init(_ path: String) {
    self.path = path
    folder = FilePath.parent(of: path) ?? "."
  }

  /// What the file has now; nil when there is none.
  func mark() -> Mark? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Mark(
      device: UInt(status.st_dev), node: UInt(status.st_ino), size: Int(status.st_size),
      changed: [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec])
  }

  /// Waits until the file has something else than a mark, `isOver` says so, or seconds have passed.
  func waitForChange(from mark: Mark?, seconds: Int, isOver: () -> Bool) {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    defer { if descriptor >= 0 { close(descriptor) } }
    if descriptor >= 0 {
      // What cannot be watched is looked at.
      _ = inotify_add_watch(descriptor, folder, UInt32(IN_MOVED_TO | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE_SELF))
    }
    for _ in 0..<max(1, seconds) {
      if isOver() || self.mark() != mark { return }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      poll(&entry, 1, 1000)
      if entry.revents != 0 { drain(descriptor) }
    }
  }

  private func drain(_ descriptor: Int32) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while read(descriptor, &buffer, buffer.count) > 0 {}
  }
}
