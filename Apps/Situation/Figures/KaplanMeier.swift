/// The product-limit estimate of how long something takes when some have not ended yet (E. L. Kaplan and P. Meier, 1958): those count as going on for
/// at least as long as they have, so that what is slow is not left out because it is slow.
struct KaplanMeier: Hashable, Sendable {
    struct Step: Hashable, Sendable {
        /// Seconds.
        let time: Int
        /// Those that had lasted as long, ended then, and the share that lasts longer.
        let atRisk, ended: Int
        let survival: Double
    }

    let steps: [Step]
    let ended, open: Int
    /// The longest time over which any was watched, seconds.
    let longest: Int?

    /// - Parameters:
    ///   - ended: seconds each took; `open`: seconds each has lasted without an end. Of equal times the ends come first, as is the custom.
    init(ended: [Int], open: [Int]) {
        self.ended = ended.count
        self.open = open.count
        longest = (ended + open).max()
        let waiting = open.sorted()
        var left = ended.count + open.count, passed = 0, survival = 1.0, steps: [Step] = []
        for (time, number) in Dictionary(ended.map { ($0, 1) }, uniquingKeysWith: +).sorted(by: { $0.key < $1.key }) {
            while passed < waiting.count, waiting[passed] < time {
                passed += 1
                left -= 1
            }
            survival *= 1 - Double(number) / Double(left)
            steps.append(Step(time: time, atRisk: left, ended: number, survival: survival))
            left -= number
        }
        self.steps = steps
    }

    /// The first time by which at least the share `p` has ended; nil when that has not been reached.
    func quantile(_ p: Double) -> Int? { steps.first { $0.survival <= 1 - p + 1e-12 }?.time }

    /// A quantile as it can be said: reached at a time, at least the longest time watched, or unknown without any.
    enum Reading: Hashable, Sendable { case reached(Int), atLeast(Int), none }

    func reading(_ p: Double) -> Reading { quantile(p).map(Reading.reached) ?? longest.map(Reading.atLeast) ?? .none }
}
