internal import CGit2

extension Repository {
  /// Calls `body` with the bytes of the file content with this id; they are valid only there.
  ///
  /// - Parameter limit: the greatest size; a larger one is not read.
  public func withBlob<Result>(
    _ id: ObjectID, limit: Int = .max, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(GitError) -> Result {
    try unsafe content(of: id, .blob, limit: limit).withBytes { unsafe body($0) }
  }

  /// The content of the commit object with this id: its headers and its message, as they are stored.
  public func bytes(ofCommit id: ObjectID) throws(GitError) -> [UInt8] {
    try unsafe content(of: id, .commit).withBytes { bytes in unsafe Array(bytes) }
  }

  /// The types of objects that are read byte by byte.
  enum ObjectType: String {
    case blob
    case tree
    case commit

    fileprivate var git: git_object_t {
      switch self {
      case .blob: GIT_OBJECT_BLOB
      case .tree: GIT_OBJECT_TREE
      case .commit: GIT_OBJECT_COMMIT
      }
    }

    fileprivate var packed: PackedType {
      switch self {
      case .blob: .blob
      case .tree: .tree
      case .commit: .commit
      }
    }
  }

  /// Calls `body` with the bytes of an object, which must be there, whole and of this type.
  func withObject<Result>(
    _ id: ObjectID, _ type: ObjectType, limit: Int, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(GitError) -> Result {
    var name = id.git
    if limit < .max { try checkSize(id, type, limit: limit) }
    let object = try unsafe Handle(
      "git_odb_read", of: library, freeingWith: git_odb_object_free,
      explainingWith: { explain($0, reading: id, as: type) },
      making: { unsafe git_odb_read($0, objects.pointer, &name) })
    guard unsafe git_odb_object_type(object.pointer) == type.git else {
      throw wrongType(id, type)
    }
    let bytes = unsafe UnsafeRawBufferPointer(
      start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer))
    if verifiesObjects { try unsafe verify(bytes, type, is: id) }
    return unsafe body(bytes)
  }

  /// The content of an object, which must be there, whole and of this type.
  func content(of id: ObjectID, _ type: ObjectType, limit: Int = .max) throws(GitError) -> ObjectContent {
    guard let object = packs.object(id, limit: limit), object.type == type.packed else {
      return try unsafe withObject(id, type, limit: limit) { unsafe ObjectContent(copying: $0) }
    }
    if verifiesObjects {
      try unsafe object.content.withBytes { (bytes) throws(GitError) in try unsafe verify(bytes, type, is: id) }
    }
    return object.content
  }

  private func checkSize(_ id: ObjectID, _ type: ObjectType, limit: Int) throws(GitError) {
    let (header, status) = header(of: id)
    guard let header else {
      throw explain(library.error(status, "git_odb_read_header"), reading: id, as: type)
    }
    guard header.size <= limit else {
      throw GitError(.tooLarge, "the object \(id) has \(header.size) bytes, more than \(limit)")
    }
  }

  /// The size and type of an object, without its content, and what libgit2 returned.
  private func header(of id: ObjectID) -> (header: (size: Int, type: git_object_t)?, status: Int32) {
    var name = id.git
    var size = 0
    var type = GIT_OBJECT_INVALID
    let status = unsafe git_odb_read_header(&size, &type, objects.pointer, &name)
    return (status == 0 ? (size, type) : nil, status)
  }

  private func verify(_ bytes: UnsafeRawBufferPointer, _ type: ObjectType, is id: ObjectID) throws(GitError) {
    var actual = git_oid()
    let status = unsafe git_odb_hash(&actual, bytes.baseAddress, bytes.count, type.git)
    guard status == 0 else { throw library.error(status, "git_odb_hash") }
    guard ObjectID(actual) == id else {
      throw GitError(
        .corruptObject, "the object \(id) has a content that is not its own", help: "check the repository with git fsck"
      )
    }
  }

  /// A failure to read an object, with its id and what may be the reason.
  func explain(_ error: GitError, reading id: ObjectID, as type: ObjectType) -> GitError {
    var error = error
    switch error.code {
    case .missingObject where header(of: id).header != nil:
      // libgit2 does not find a commit where there is something else.
      error = wrongType(id, type)
    case .missingObject:
      error.message = "the object \(id) is not in the repository"
      error.help =
        isShallow
        ? "the history was cut off when it was cloned: git fetch --unshallow"
        : "fetch it, or check the repository with git fsck"
    case .corruptObject:
      error.message = "the object \(id) is damaged: \(error.message)"
      error.help = "check the repository with git fsck"
    default: break
    }
    return error
  }

  private func wrongType(_ id: ObjectID, _ type: ObjectType) -> GitError {
    GitError(.wrongType, "the object \(id) is no \(type)")
  }
}
