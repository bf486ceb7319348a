import Kernel

/// What the plan measures the desk by; each figure is a live query over requests.
enum DeskMeasures {
    static let all = [
        satisfaction, solved, resolutionMet, firstResponseMet, resolutionTime, workingTime, firstContact, reopened, backlog, deflected,
    ]

    private static let dimensions: [any FieldKey] = [Request.desk, Request.service, Request.priority, Request.language]

    static let satisfaction = Measure(
        "service-desk.satisfaction", of: Request.self, .share(of: Request.rating.atLeast(4)), where: Request.isSolved.and(Request.rating.isFilled),
        over: Request.solvedAt, by: dimensions, unit: .percent, among: Request.isSolved, target: 90, source: "A/75/6 (Sect. 29C), 29C.46")

    static let solved = Measure(
        "service-desk.solved", of: Request.self, .count, where: Request.isSolved, over: Request.solvedAt, by: dimensions,
        source: "A/75/6 (Sect. 29C), 29C.42: 185 000 (2019)")

    static let resolutionMet = Measure(
        "service-desk.resolution-met", of: Request.self, .share(of: Request.resolutionMet.equals(true)),
        where: Request.isSolved.and(Request.resolutionMet.isFilled), over: Request.solvedAt, by: dimensions, unit: .percent)

    static let firstResponseMet = Measure(
        "service-desk.first-response-met", of: Request.self, .share(of: Request.firstResponseMet.equals(true)),
        where: Request.isSolved.and(Request.firstResponseMet.isFilled), over: Request.solvedAt, by: dimensions, unit: .percent)

    static let resolutionTime = Measure(
        "service-desk.resolution-time", of: Request.self, .median(Request.lasted), where: Request.isSolved, over: Request.solvedAt, by: dimensions,
        unit: .seconds, source: "A/75/6 (Sect. 29C), 29C.48: 3 h (2018)")

    static let workingTime = Measure(
        "service-desk.working-time", of: Request.self, .median(Request.worked), where: Request.isSolved, over: Request.solvedAt, by: dimensions,
        unit: .seconds)

    static let firstContact = Measure(
        "service-desk.first-contact", of: Request.self, .share(of: Request.firstContact.equals(true)), where: Request.isSolved,
        over: Request.solvedAt, by: dimensions, unit: .percent)

    static let reopened = Measure(
        "service-desk.reopened", of: Request.self, .share(of: Request.reopened.atLeast(1)), where: Request.isSolved, over: Request.solvedAt,
        by: dimensions, unit: .percent)

    static let backlog = Measure("service-desk.backlog", of: Request.self, .count, where: Request.isOpen, by: dimensions)

    static let deflected = Measure(
        "service-desk.deflected", of: Request.self, .count, where: .state(Request.State.deflected), over: Request.solvedAt, by: [Request.language],
        source: "A/75/6 (Sect. 29C), 29C.48")
}
