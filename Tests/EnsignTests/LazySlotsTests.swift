import Foundation
import SeededRandom
import Testing

@testable import Ensign

@Suite("Values read where they lie")
struct LazySlotsTests {
  /// What the library assumes of the words of Swift's strings.
  @Test("the words of strings of every length and form", arguments: 0...40)
  func words(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    for alphabet in [Array("ab"), Array("aé日🎉\u{0}")] {
      for _ in 0..<200 {
        var text = String(
          (0..<Int.random(in: 0...count, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
        while text.utf8.count > count { text.removeLast() }
        var large = text
        large.reserveCapacity(64)
        let forms = [text, String(decoding: Array(text.utf8), as: UTF8.self), large, NSString(string: text) as String]
        for form in forms { check(form) }
        #expect(StringWords(forms[1]).isInline == (text.utf8.count <= 15))
        let other = String((0..<text.count).compactMap { _ in alphabet.randomElement(using: &random) })
        let (left, right) = (StringWords(forms[1]), StringWords(String(decoding: Array(other.utf8), as: UTF8.self)))
        if left.isInline, right.isInline {
          #expect((left == right) == text.utf8.elementsEqual(other.utf8))
        }
        #expect(left != .none)
      }
    }
  }

  private func check(_ string: String) {
    let words = StringWords(string)
    guard words.isInline else { return }
    #expect(words.inlineCount == string.utf8.count)
    withUnsafeTemporaryAllocation(byteCount: StringWords.size, alignment: 1) { bytes in
      guard let start = bytes.baseAddress else { return }
      words.store(to: start)
      #expect(bytes[..<words.inlineCount].elementsEqual(string.utf8))
    }
  }

  @Test("each slot is made once, however many there are", arguments: [1, 15, 16, 17, 100])
  func growth(count: Int) throws {
    let attributes = (0..<count).map { "\"a\($0)\":\"string\"" }.sorted().joined(separator: ",")
    let document = """
      {"attributes":{\(attributes)},"environment":"e","flags":{},"format":1,"minimumReader":1,"project":"p"}
      """
    let snapshot = try Snapshot(Array(document.utf8))
    let total = AttributeIndex(count + 2)
    var random = SplitMix64(seed: UInt64(count))
    let long = String(repeating: "x", count: 30)
    let context = Context(
      attributes: (0..<count).map { ("a\($0)", .string($0 % 2 == 0 ? "\($0)" : long + "\($0)")) }.shuffled(
        using: &random))
    withUnsafeTemporaryAllocation(byteCount: LazySlots.size, alignment: 16) { lent in
      withExtendedLifetime(context) {
        var slots = LazySlots(context.attributesInPlace(), lent)
        defer { slots.memory.free() }
        var first: [UnsafePointer<ContextSlot>] = []
        for attribute in 0..<total { first.append(slots.slot(attribute, snapshot.base)) }
        let again = (0..<total).map { slots.slot($0, snapshot.base) }
        #expect(again == (0..<total).map { slots.slot($0, snapshot.base) })
        #expect(Set(again).count == Int(total))
        let records = snapshot.base.record(snapshot.base.head.pointee.attributes, as: AttributeRecord.self)
        for attribute in 2..<Int(total) {
          let name = snapshot.base.string(records[attribute].name)
          guard case .string(let expected) = context[name] else {
            Issue.record("the context has no \(name)")
            continue
          }
          #expect(again[attribute].pointee.text.elementsEqual(expected.utf8))
          // A slot that was handed out before the table grew is good still.
          #expect(first[attribute].pointee.text.elementsEqual(expected.utf8))
        }
        #expect(again[0].pointee.kind == .missing)
      }
    }
  }
}
