internal import Glibc

/// A store in a folder of the file system.
///
/// Links are followed: a mounted ConfigMap consists of them.
package final class FolderStore: StoreReader {
  package let name: String

  /// The store in a folder.
  package init(folder: String) { name = folder }

  package func fetch(_ request: StoreRequest) throws(StoreError) -> StoreAnswer {
    // Not blocking, so that a pipe in the file's place does not stop the reader: it is refused.
    let descriptor = open(name + "/" + request.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw StoreError(StorageError("read", request.path, errno: errno)) }
    defer { close(descriptor) }
    do throws(StorageError) {
      return .content(try DiskFiles.read(descriptor, request.path, limit: request.limit), validator: nil)
    } catch {
      throw StoreError(error)
    }
  }

  /// Reading a file takes no time that would be worth ending.
  package func cancel() {}
}

extension StoreError {
  fileprivate init(_ error: StorageError) {
    switch error.code {
    case .missing: self.init(.absent, error.description)
    case .tooLarge: self.init(.oversized, error.description)
    default: self.init(.unreachable, error.description)
    }
  }
}
