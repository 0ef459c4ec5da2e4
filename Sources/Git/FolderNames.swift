internal import Glibc

/// The names in a folder, sorted, without `.` and `..`; none where there is no such folder, or it cannot be read.
///
/// Bytes that are not UTF-8 appear as U+FFFD.
package func folderNames(of folder: String) -> [String] {
  guard let directory = unsafe opendir(folder) else { return [] }
  defer { unsafe _ = closedir(directory) }
  var names: [String] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}
