import Foundation

/// An empty folder of the file system that goes with the object.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    // In memory where there is such a place: thousands of writes are waited for here until they are durable.
    let memory = "/dev/shm"
    let isWritable = FileManager.default.isWritableFile(atPath: memory)
    let parent = isWritable ? URL(filePath: memory) : FileManager.default.temporaryDirectory
    let url = parent.appending(component: "ensign-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The relative paths of all files below, sorted, temporary ones among them.
  var files: [String] {
    let found = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return found.filter { file in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path + "/" + file, isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }
}
