# Prints "2 2 2" where identities are asked for, and where OOMMF can answer that both ends of a socket are this user's.
package require Oc
package require Net
proc accept {channel address port} {
    Oc_Option Get Net_Server checkUserIdentities server
    Oc_Option Get Net_Link checkUserIdentities link
    puts "$server $link [Net_CheckSocketAccess $channel]"
    exit
}
set listening [socket -server accept -myaddr localhost 0]
set connected [socket localhost [lindex [fconfigure $listening -sockname] 2]]
after 10000 exit
vwait forever
