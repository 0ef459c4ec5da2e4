extension Rule {
  static let crowdedFolder = Rule(
    code: "I004", name: "crowded-folder", level: .information,
    summary: "A folder holds more than 1,000 files.",
    explanation: """
      Git reads a folder's whole list of files for every commit that it looks at, so the history of one flag among \
      10,000 in one folder takes forty times as long as among 500. Sort the files into sub-folders, one a team for \
      instance: they are no part of a key.
      """,
    badExample: Example(Self.segments { "segments/list-\($0).yaml" }),
    goodExample: Example(Self.segments { "segments/\($0 % 10)/list-\($0).yaml" }),
    check: .tree { facts, _, findings in
      for folder in folders(of: facts.tree.files) where folder.count > 1_000 {
        findings.add(.crowdedFolder(folder.path, folder.count, Site(file: folder.first)))
      }
    })

  /// More files than a folder should hold.
  private static func segments(_ path: (Int) -> String) -> [(path: String, text: String)] {
    (1...1_001).map { (path($0), "description: A list.\ninclude: [user-\($0)]\n") }
  }

  /// A folder with the number of files in it, and the first of them.
  private struct Folder {
    let path: String
    let first: FileReference
    var count: Int
  }

  /// The folders in the order of their first files.
  private static func folders(of files: FileTable) -> [Folder] {
    var folders: [Folder] = []
    var positions: [String: Int] = [:]
    // Neighbours in the table are mostly in one folder, so a path is seldom looked up.
    var last: (path: ArraySlice<UInt8>, position: Int)?
    for (index, path) in files.pathBytes.enumerated() {
      let folder = path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
      if let last, last.path == folder {
        folders[last.position].count += 1
        continue
      }
      let name = String(decoding: folder, as: UTF8.self)
      let position = positions[name] ?? folders.count
      if position == folders.count {
        folders.append(Folder(path: name, first: FileReference(index: index), count: 0))
        positions[name] = position
      }
      folders[position].count += 1
      last = (folder, position)
    }
    return folders
  }
}

extension Finding {
  fileprivate static func crowdedFolder(_ folder: String, _ count: Int, _ site: Site) -> Finding {
    site.finding(
      .crowdedFolder, "folder \(folder.quoted) holds \(count) files",
      help: "sort them into sub-folders of a few hundred, which are no part of a key", at: .wholeFile)
  }
}
