internal import Ensign

extension Operand {
  /// The constant as an author would write it, without quotes.
  package var text: String {
    switch self {
    case .string(let text), .pattern(let text): text
    case .integer(let number): String(number)
    case .number(let number): JSONValue.number(number).description
    case .boolean(let value): value ? "true" : "false"
    case .version(let version): version.description
    case .timestamp(let timestamp): timestamp.description
    case .address(let address): address.description
    case .network(let network): network.description
    }
  }
}
