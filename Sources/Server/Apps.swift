import Analytics
import Kernel
import Organisation
import Plan
import ServiceDesk
import Situation

/// The apps this program is built with, in the order of the rail.
let builtApps: [App] = [serviceDesk, situation, plan, organisation, analytics]
