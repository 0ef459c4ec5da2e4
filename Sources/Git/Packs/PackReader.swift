/// Reads objects straight from the packs of a repository, as a walk through the history needs them: very many small ones,
/// each a few bytes away from one that was read just before.
///
/// What it does not find or understand, or finds damaged, it leaves to libgit2, which knows of every place where objects
/// can be and gives the reason for what it cannot read. Objects are remembered within a bound. It belongs to one thread.
final class PackReader {
  private var objects: PackedObjects

  /// An object's type and content.
  struct Object {
    var type: PackedType
    var content: ObjectContent
  }

  /// Where an object's entry is.
  struct Place: Hashable {
    var pack: Int
    var offset: Int
  }

  /// A reader of the packs in a folder of objects, which are opened when they are first needed.
  ///
  /// - Parameter folder: with a slash at its end.
  init(_ folder: String) { objects = PackedObjects(folder) }

  /// The packs, in a fixed order.
  var packs: [Pack] { objects.packs() }

  /// Reads packs that another thread's reader has opened, so that they are in memory once.
  func share(_ packs: [Pack]) { objects.share(packs) }

  /// Finds out where objects are that will be asked for.
  func lookUp(_ ids: [ObjectID]) { objects.lookUp(ids) }

  /// The object with an id, nil when the packs do not have it whole, or it has more bytes than `limit`.
  func object(_ id: ObjectID, limit: Int = .max) -> Object? { objects.object(id, limit: limit) }
}
