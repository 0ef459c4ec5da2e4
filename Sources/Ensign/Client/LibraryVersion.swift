/// The version of this source.
package enum LibraryVersion {
  /// As semantic versioning writes it.
  package static let text = "0.1.0"
}
