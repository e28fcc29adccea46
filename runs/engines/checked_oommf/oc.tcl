# Read by OOMMF's shells before their own oc.tcl, where OC_LIBRARY names this folder: it reads theirs, and then has
# every server and every client of a run ask whether the other end is the same user's.
foreach oc_library [Oc_ScriptPath Oc {}] {
    if {![string equal $oc_library [Oc_DirectPathname $env(OC_LIBRARY)]] && [file readable [file join $oc_library oc.tcl]]} {
        break
    }
}
source [file join $oc_library oc.tcl]
Oc_Option Add * Net_Server checkUserIdentities 2
Oc_Option Add * Net_Link checkUserIdentities 2
