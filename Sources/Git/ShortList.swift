/// A list that needs no memory of its own for up to two elements, which is what most commits have of anything.
@frozen public struct ShortList<Element> {
  @usableFromInline var head: Element?
  @usableFromInline var second: Element?
  /// What follows those two; nil for nothing.
  @usableFromInline var others: [Element]?

  /// A list of nothing.
  @inlinable public init() {}

  /// A list of some elements in their order.
  @inlinable public init(_ elements: some Sequence<Element>) { for element in elements { append(element) } }

  /// Adds an element at the end.
  @inlinable public mutating func append(_ element: Element) {
    if head == nil {
      head = element
    } else if second == nil {
      second = element
    } else {
      others = (others ?? []) + [element]
    }
  }
}

extension ShortList: RandomAccessCollection {
  /// 0.
  @inlinable public var startIndex: Int { 0 }

  /// How many elements there are.
  @inlinable public var endIndex: Int {
    if head == nil { return 0 }
    if second == nil { return 1 }
    return 2 + (others?.count ?? 0)
  }

  /// The element at a position, which must be there.
  @inlinable public subscript(index: Int) -> Element {
    if index == 0, let head { return head }
    if index == 1, let second { return second }
    guard index >= 2, let others else { preconditionFailure("there is no element \(index)") }
    return others[index - 2]
  }
}

extension ShortList: ExpressibleByArrayLiteral {
  /// A list of some elements in their order.
  @inlinable public init(arrayLiteral elements: Element...) { self.init(elements) }
}

extension ShortList: CustomStringConvertible {
  /// As an array would have it.
  public var description: String { Array(self).description }
}

extension ShortList: Sendable where Element: Sendable {}
extension ShortList: Equatable where Element: Equatable {}
extension ShortList: Hashable where Element: Hashable {}
