import Foundation
public import Kernel

/// Who and where: people, units, duty stations with their hours, and who was given which role.
/// The record types belong to the kernel, because access and clocks stand on them; their words, pages and people are here.
public let organisation = App(
    "directory", area: .platform, icon: "people",
    records: [Person.self, Unit.self, DutyStation.self, Holiday.self, RoleGrant.self, Opening.self],
    pages: [Page("hours", show: hoursPage)],
    words: Bundle.module.url(forResource: "Words", withExtension: nil),
    demo: makeOrganisation)
