import Kernel
import Organisation
import Plan
import ServiceDesk

/// The apps this program is built with, in the order of the rail.
let builtApps: [App] = [serviceDesk, plan, organisation]
