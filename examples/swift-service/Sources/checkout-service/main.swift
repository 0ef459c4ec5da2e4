import Ensign
import Foundation

// A service in miniature: each line of standard input is a request, a JSON object that says who is asking; each line of
// standard output is the answer. The flags come from a published store, are verified, kept up to date while the service
// runs, and evaluated in this process.

/// Writes a line of the service's log.
func log(_ message: String) {
  FileHandle.standardError.write(Data("checkout-service: \(message)\n".utf8))
}

let arguments = CommandLine.arguments.dropFirst()
guard (3...4).contains(arguments.count) else {
  log("usage: checkout-service STORE TRUST-FILE STATE-DIRECTORY [NOW] <requests.jsonl")
  exit(2)
}
let (store, trust, state) = (arguments[1], arguments[2], arguments[3])

let client: Client
var now: Timestamp?
do {
  client = try Client(
    .init(
      project: "acme-shop", environment: "production", store: store,
      trust: [UInt8](Data(contentsOf: URL(fileURLWithPath: trust))), stateDirectory: state,
      onChange: { report in
        log("flags: \(report.status) \(report.message), serving \(report.served), sequence \(report.sequence ?? 0)")
      }))
  // A real service leaves the time to the clock. The example takes it as an argument so that its answers never change.
  now = try arguments.dropFirst(3).first.map(Timestamp.init)
} catch {
  log("\(error)")
  exit(2)
}

// Begin with the newest flags, if the store answers; whatever comes of it, the service runs.
client.update()
client.start()
let flags = Flags(client)

while let line = readLine() {
  do {
    var customer = try Context(json: Array(line.utf8))
    customer.now = now
    let offer = flags.offer(to: customer)
    print(
      customer.targetingKey ?? "(nobody)", offer.isOnePage ? "one-page" : "classic", flags.reasonForCheckout(customer),
      offer.paymentMethods.joined(separator: "+"), "-\(offer.discount) %", offer.reviewThreshold, separator: "\t")
  } catch {
    print("refused: \(error)")
  }
}

// A start that ends well is not one of those after which the safe snapshot is used.
client.close()
