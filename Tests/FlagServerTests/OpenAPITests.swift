import Ensign
import Testing

@testable import FlagServer

@Suite("The OpenAPI description")
struct OpenAPITests {
  private let document: JSONValue

  init() throws { document = try JSONValue(parsing: OpenAPIDocument.bytes) }

  @Test("names each route once, and refers to what there is")
  func routes() throws {
    let operations = (document["paths"]?.object ?? []).flatMap { $0.value.object ?? [] }
    #expect(operations.count == RouteDescription.all.count && operations.count >= 18)
    let names = operations.compactMap { $0.value["operationId"]?.string }
    #expect(Set(names).count == operations.count)
    let text = document.description
    let schemas = Set((document["components"]?["schemas"]?.object ?? []).map(\.key))
    let used = text.split(separator: "#/components/schemas/").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    #expect(Set(used) == schemas)
    for operation in operations {
      let statuses = (operation.value["responses"]?.object ?? []).compactMap { Int($0.key) }
      #expect(statuses == statuses.sorted() && Set(statuses).count == statuses.count && statuses.contains(429))
    }
  }

  @Test("describes the answers of the protocol as they are")
  func answers() throws {
    let table = ServedShop.table(try ServedShop.environment())
    let service = OFREPService(.init(defaultEnvironment: "production"))
    let schema = try #require(document["components"]?["schemas"]?["Evaluation"])
    let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
    for key in ServedShop.keys {
      let answer = service.answer("/ofrep/v1/evaluate/flags/\(key)", from: table).json
      #expect(Set((answer.object ?? []).map(\.key)) == required)
    }
    let failure = service.answer("/ofrep/v1/evaluate/flags/x", from: table).json
    let members = Set(
      (document["components"]?["schemas"]?["EvaluationFailure"]?["properties"]?.object ?? []).map(\.key))
    #expect(Set((failure.object ?? []).map(\.key)) == members)
  }
}
