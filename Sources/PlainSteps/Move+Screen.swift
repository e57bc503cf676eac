public import Scenario

extension Move {
  /// The texts that it looks for on the screen.
  public var textsOnScreen: [String] {
    switch self {
    case .point(_, let target, _), .toggle(let target, _): target.textsOnScreen
    case .drag(let from, let to, let manner):
      from.textsOnScreen + to.textsOnScreen + (manner?.via ?? []).flatMap(\.textsOnScreen)
    case .scroll(_, _, let place, _): place?.textsOnScreen ?? []
    case .type(let typing): typing.into?.textsOnScreen ?? []
    case .press: []
    case .wait(.text(let text, _)), .wait(.absent(let text, _)): [text.description]
    case .wait(.time), .wait(.settled): []
    case .select(let option, let list): option.textsOnScreen + (list?.textsOnScreen ?? [])
    }
  }
}

extension Target {
  fileprivate var textsOnScreen: [String] {
    switch kind {
    case .text(let text): [text.description]
    case .image, .at, .describe: []
    }
  }
}
