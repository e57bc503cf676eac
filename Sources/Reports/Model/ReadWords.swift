internal import Story

extension ReadAccount {
  /// The parts of a hundred that were read surely, with doubt, and not; what is something is never 0.
  var percents: (sure: Int, doubtful: Int, unread: Int) {
    let all = Double(sure) + Double(doubtful) + Double(unread)
    guard all > 0 else { return (100, 0, 0) }
    let part = { (area: Int) in
      area == 0 ? 0 : max(1, Int((Double(area) / all * 100).rounded()))
    }
    var (doubted, lost) = (part(doubtful), part(unread))
    let excess = max(0, doubted + lost - (sure > 0 ? 99 : 100))
    if doubted > lost { doubted -= excess } else { lost -= excess }
    // Where nothing was read surely, what rounding took belongs to the doubt.
    if sure == 0, doubtful > 0 { doubted = 100 - lost }
    return (100 - doubted - lost, doubted, lost)
  }

  /// `surely 97 %, with doubt 2 %, not read 1 % (3 places)`.
  var words: String {
    guard sure > 0 || doubtful > 0 || unread > 0 else { return "there is no text" }
    let percents = percents
    var parts = ["surely \(percents.sure) %"]
    if doubtful > 0 { parts.append("with doubt \(percents.doubtful) %") }
    if unread > 0 {
      parts.append(
        "not read \(percents.unread) % (\(count == 1 ? "one place" : "\(count) places"))")
    }
    return parts.joined(separator: ", ")
  }
}

extension ReadAccount.Place {
  /// Why it was not read, for a person; a cause that is not known is shown as it is.
  var words: String {
    switch cause {
    case "unknown": "unknown letters"
    case "symbol": "a symbol"
    case "size": "too small or too large"
    case "pale": "hardly visible"
    case "struck": "struck through"
    case "too much": "more than is read"
    default: cause
    }
  }
}
