# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_ksecret_global_optspecs
    string join \n V/version local= fallback= kubeconfig= context= cluster= user= n/namespace= s/server= token= username= password= certificate-authority= client-certificate= client-key= insecure-skip-tls-verify= tls-server-name= as= as-group= as-uid= disable-compression= v/v= cache-dir= warnings-as-errors= match-server-version= log-flush-frequency= profile= profile-output= kuberc= vmodule= color= request-timeout= h/help
end

function __fish_ksecret_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_ksecret_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_ksecret_using_subcommand
    set -l cmd (__fish_ksecret_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c ksecret -n "__fish_ksecret_needs_command" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_needs_command" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_needs_command" -s V -l version -d 'Print the version and exit'
complete -c ksecret -n "__fish_ksecret_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "create" -d 'Create a Secret or a namespace, from flags or from files'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "get" -d 'Show one, several or all Secrets'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "decode" -d 'Show the values of Secrets, decoded'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "edit" -d 'Edit Secrets in your editor, as kubectl does or with readable values'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "describe" -d 'Show what a Secret holds, without its values'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "delete" -d 'Delete Secrets by name, selector or file'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "apply" -d 'Make the server have what manifests say'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "diff" -d 'Show what an apply would change, without the values'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "kustomize" -d 'Print what a kustomization builds'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "patch" -d 'Change fields of a Secret with a patch'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "replace" -d 'Replace a Secret by a manifest'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "label" -d 'Set or remove labels'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "annotate" -d 'Set or remove annotations'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "wait" -d 'Wait until Secrets exist, are gone, or have a value'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "auth" -d 'Ask what this user may do'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "api-resources" -d 'Print the resources that the server has'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "api-versions" -d 'Print the API versions that the server has'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "explain" -d 'Show what the fields of a resource mean'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "config" -d 'Show and change kubeconfig files'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "cluster-info" -d 'Print the addresses of the control plane and of the cluster\'s services'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "serve" -d 'Run the embedded API server on a loopback port'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "with-server" -d 'Run a command with a fresh embedded API server of its own'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "reap-server" -d 'Clean up after a with-server that was killed'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "version" -d 'Print the versions of this program and of the server'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "options" -d 'Print the flags that every command takes'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "completion" -d 'Print a completion script for a shell'
complete -c ksecret -n "__fish_ksecret_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l save-config -d 'Write the annotation that apply reads, with the names of the keys and no value' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -s l -l selector -d 'Create only the objects of the files whose labels match' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l raw -d 'POST a file to this path of the API' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l edit -d 'Edit each object before it is created; one that is left as it is is not created' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l windows-line-endings -d 'With --edit, open the file with the line endings of Windows' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l parallel -d 'How many requests may be in flight at once; 1 for one after the other' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l record -d 'Accepted, and nothing is recorded: the command line may hold values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -f -a "secret" -d 'A Secret, kubectl\'s spelling: create secret generic NAME'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -f -a "generic" -d 'Create a Secret from literals, files, directories and env files'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -f -a "docker-registry" -d 'Create a Secret with the credentials of a container registry'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -f -a "tls" -d 'Create a Secret from a certificate and its key'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -f -a "namespace" -d 'Create a namespace'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and not __fish_seen_subcommand_from secret generic docker-registry tls namespace ns" -f -a "ns" -d 'Create a namespace'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "generic" -d 'Create a Secret from literals, files, directories and env files'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "docker-registry" -d 'Create a Secret with the credentials of a container registry'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "tls" -d 'Create a Secret from a certificate and its key'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l from-literal -d 'One entry: everything after the first = is its value; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l from-file -d 'A file, under its own name or under KEY, or every file of a directory; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l from-env-file -d 'A file of KEY=VALUE lines; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l type -d 'Type of the Secret; Opaque where none is given' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l append-hash -d 'Add a hash of the content to the name' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l save-config -d 'Write the annotation that apply reads, with the names of the keys and no value' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from generic" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l docker-server -d 'Address of the registry' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l docker-username -d 'Username at the registry' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l docker-password -d 'Password at the registry' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l docker-email -d 'Email address at the registry' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l from-file -d 'A docker config file, under .dockerconfigjson or under KEY, instead of the flags above' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l append-hash -d 'Add a hash of the content to the name' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l save-config -d 'Write the annotation that apply reads, with the names of the keys and no value' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from docker-registry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l cert -d 'File with the certificate, PEM, its chain after it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l key -d 'File with the certificate\'s private key, PEM, not encrypted' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l append-hash -d 'Add a hash of the content to the name' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l save-config -d 'Write the annotation that apply reads, with the names of the keys and no value' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from tls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l save-config -d 'Keep the object in an annotation, for kubectl\'s client-side apply' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from namespace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l save-config -d 'Keep the object in an annotation, for kubectl\'s client-side apply' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand create; and __fish_seen_subcommand_from ns" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s L -l label-columns -d 'Labels to show in columns of their own' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l chunk-size -d 'How many objects to ask for at once; 0 all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l ignore-not-found -d 'What is not there is no error' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l no-headers -d 'No header line' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l output-watch-events -d 'Say with each watched object what happened to it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l raw -d 'GET this path of the API and print the answer' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l server-print -d 'Have the server make the table' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l show-kind -d 'The kind before each name' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l show-labels -d 'Labels as the last column' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l sort-by -d 'Sort by this field, a jsonpath' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l subresource -d 'Of the object, this part; Secrets have none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s w -l watch -d 'Go on showing changes' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l watch-only -d 'Only changes, not what is there now' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s l -l selector -d 'Label selector: =, ==, !=, in, notin, key, !key; commas mean and' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l field-selector -d 'Field selector: metadata.name, metadata.namespace, type' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s A -l all-namespaces -d 'In all namespaces' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l all -d 'Every Secret of the namespace' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s o -l output -d 'How: text, json, yaml, values (a JSON map), dotenv, shell, raw' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l strict -d 'With -o dotenv and shell: refuse keys that cannot name a variable, rather than leave them out' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l key-filter -d 'Only keys that match: * and ? as in file names; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l keys -d 'Show keys and sizes, no values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l to -d 'Write each value into a file of its own in this directory' -r -F
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l force -d 'Overwrite files of --to' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l reveal -d 'Write values to a terminal as they are, binary and control characters too' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s l -l selector -d 'Label selector: =, ==, !=, in, notin, key, !key; commas mean and' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l field-selector -d 'Field selector: metadata.name, metadata.namespace, type' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s A -l all-namespaces -d 'In all namespaces' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -s d -l decode -d 'Show readable values instead of base64; what is not touched keeps its very bytes' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l key -d 'Edit one value as a file of its own; a key that is not there is added' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l confirm -d 'Show which keys change, and ask before saving' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l resume -d 'Take up the last edit that could not be saved' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l list-kept -d 'Show the edits that could not be saved and are kept; no server is asked' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l discard -d 'Forget the kept edit of the Secrets that are named; no server is asked' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l no-keep -d 'Keep nothing when an edit cannot be saved' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l output-patch -d 'Print the patch that is sent: it holds values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l save-config -d 'Write the annotation that apply reads, with the names of the keys and no value' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l windows-line-endings -d 'Open the file with the line endings of Windows' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l subresource -d 'Secrets have none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l record -d 'Accepted, and nothing is recorded: the command line may hold values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l chunk-size -d 'How many objects to ask for at once; 0 all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l show-events -d 'Events of the object; Secrets have none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -s l -l selector -d 'Label selector: =, ==, !=, in, notin, key, !key; commas mean and' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l field-selector -d 'Field selector: metadata.name, metadata.namespace, type' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -s A -l all-namespaces -d 'In all namespaces' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand describe" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l all -d 'Every Secret of the namespace' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l cascade -d 'What becomes of dependents: background, foreground or orphan' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l force -d 'Delete without waiting for a graceful end' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l grace-period -d 'Seconds that the object has to end gracefully; -1 for its own default' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l now -d 'The same as --grace-period=1' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l ignore-not-found -d 'Do not fail if the object does not exist (default true with --all, -l or --field-selector)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s i -l interactive -d 'Ask before deleting: y and Enter is yes, every other line is no' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s o -l output -d '"name" for short lines' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l raw -d 'Send DELETE to this path of the API' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l timeout -d 'How long to wait for it to be gone; 0 as long as it takes' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l wait -d 'Wait until it is gone' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l parallel -d 'How many requests may be in flight at once; 1 for one after the other' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s l -l selector -d 'Label selector: =, ==, !=, in, notin, key, !key; commas mean and' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l field-selector -d 'Field selector: metadata.name, metadata.namespace, type' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s A -l all-namespaces -d 'In all namespaces' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l server-side -d 'Let the server merge, and refuse what other managers have set to something else' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l force-conflicts -d 'With --server-side, take over the fields that others have set to something else' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l field-manager -d 'Name of the owner of the fields applied (default kubectl with --server-side, else kubectl-client-side-apply)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l overwrite -d 'Let the manifest win over what was changed since it was last applied; false refuses instead' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -s l -l selector -d 'Apply only the objects of the files whose labels match' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l openapi-patch -d 'Accepted: the shape of Secrets is known without the server\'s OpenAPI' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l wait -d 'Accepted: --force always waits until the old object is gone' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l timeout -d 'With --force, how long to wait for the old object to be gone (default 5m)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l grace-period -d 'Seconds that an object to be deleted has to end gracefully; -1 for its own default' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l cascade -d 'What becomes of dependents of deleted objects: background, foreground or orphan' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l force -d 'Delete and create anew what cannot be changed in place, one object after the other' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l prune -d 'Delete the Secrets and Namespaces that were applied before and are in no manifest now; with -l, --all or --applyset' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l prune-allowlist -d 'GROUP/VERSION/KIND to prune: core/v1/Secret or core/v1/Namespace; repeatable (default both)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l all -d 'With --prune, whatever the labels are' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l applyset -d 'With --prune, prune by the ApplySet of this Secret (KUBECTL_APPLYSET=true)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l subresource -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l parallel -d 'How many requests may be in flight at once; 1 for one after the other' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l record -d 'Accepted, and nothing is recorded: the command line may hold values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -a "view-last-applied" -d 'Print what was last applied, without the values'
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -a "set-last-applied" -d 'Make manifests what was last applied, and change nothing else'
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and not __fish_seen_subcommand_from view-last-applied set-last-applied edit-last-applied" -a "edit-last-applied" -d 'Edit what was last applied, without the values'
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l all -d 'Select every Secret of the namespace' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s o -l output -d 'Output format: yaml or json' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s l -l selector -d 'Label selector: =, ==, !=, in, notin, key, !key; commas mean and' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from view-last-applied" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l create-annotation -d 'Write the annotation also if the live object has none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from set-last-applied" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l windows-line-endings -d 'Open the file with the line endings of Windows' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l record -d 'Accepted, and nothing is recorded: the command line may hold values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand apply; and __fish_seen_subcommand_from edit-last-applied" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l show-secrets -d 'Show the values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l server-side -d 'Compare with what apply --server-side would make' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l force-conflicts -d 'With --server-side, take over the fields that others have set to something else' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l field-manager -d 'Name of the owner of the fields applied (default kubectl with --server-side, else kubectl-client-side-apply)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l show-managed-fields -d 'Compare metadata.managedFields too' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l concurrency -d 'kubectl\'s `--parallel`' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l parallel -d 'How many requests may be in flight at once; 1 for one after the other' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l prune -d 'Show the Secrets and Namespaces too that apply --prune would delete, by -l or all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l prune-allowlist -d 'GROUP/VERSION/KIND to prune: core/v1/Secret or core/v1/Namespace; repeatable (default both)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -s l -l selector -d 'Compare only the objects of the files whose labels match' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand kustomize" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -s p -l patch -d 'The patch, JSON or YAML' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l patch-file -d 'File with the patch' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l type -d 'Kind of patch: strategic, merge or json' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l subresource -d 'Patch this part of the object: status of a namespace; Secrets have none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l parallel -d 'How many requests may be in flight at once; 1 for one after the other' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l record -d 'Accepted, and nothing is recorded: the command line may hold values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand patch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l force -d 'Delete it first, then create it anew' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l grace-period -d 'With --force, seconds that the object has to end gracefully; -1 for its own default' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l timeout -d 'With --force, how long to wait for the old object to be gone (default 5m)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l cascade -d 'With --force, what becomes of dependents: background, foreground or orphan' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l wait -d 'Accepted: --force always waits until the old object is gone' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l save-config -d 'Write the annotation that apply reads, with the names of the keys and no value' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l validate -d 'What the server does with unknown or repeated fields: strict refuses, warn says so, ignore drops them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l raw -d 'PUT a file to this path of the API' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l parallel -d 'How many requests may be in flight at once; 1 for one after the other' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l record -d 'Accepted, and nothing is recorded: the command line may hold values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand replace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l overwrite -d 'Change values that are there already' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l list -d 'Print what is set, change nothing' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l all -d 'Every Secret of the namespace' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l resource-version -d 'Change it only if it is still of this version' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l parallel -d 'How many requests may be in flight at once; 1 for one after the other' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s l -l selector -d 'Label selector: =, ==, !=, in, notin, key, !key; commas mean and' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l field-selector -d 'Field selector: metadata.name, metadata.namespace, type' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s A -l all-namespaces -d 'In all namespaces' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l record -d 'Accepted, and nothing is recorded: the command line may hold values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand label" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l overwrite -d 'Change values that are there already' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l list -d 'Print what is set, change nothing' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l all -d 'Every Secret of the namespace' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l resource-version -d 'Change it only if it is still of this version' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l field-manager -d 'Name of the owner of the fields written' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l dry-run -d 'Stop before it is stored: "client" sends nothing, "server" has the server check it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l parallel -d 'How many requests may be in flight at once; 1 for one after the other' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s l -l selector -d 'Label selector: =, ==, !=, in, notin, key, !key; commas mean and' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l field-selector -d 'Field selector: metadata.name, metadata.namespace, type' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s A -l all-namespaces -d 'In all namespaces' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l record -d 'Accepted, and nothing is recorded: the command line may hold values' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand annotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l for -d 'create, delete, jsonpath={.PATH}[=VALUE] or condition=NAME[=VALUE]; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l timeout -d 'How long to wait in all; 0 checks once, a negative time waits for a week' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l all -d 'Every Secret of the namespace' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s l -l selector -d 'Label selector: =, ==, !=, in, notin, key, !key; commas mean and' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l field-selector -d 'Field selector: metadata.name, metadata.namespace, type' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s A -l all-namespaces -d 'In all namespaces' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s f -l filename -d 'File, directory or URL of manifests, - for standard input; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s k -l kustomize -d 'Directory with a kustomization' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s R -l recursive -d 'Read the directories of -f with all below them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -f -a "can-i" -d 'Say yes or no, exit 0 or 1; or list all that is allowed'
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami" -f -a "whoami" -d 'Show this user\'s name, groups and further attributes'
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s A -l all-namespaces -d 'In all namespaces' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l list -d 'List all that is allowed in the namespace' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l no-headers -d 'No header line above the list' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s q -l quiet -d 'Say nothing, only exit' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l subresource -d 'Subresource that is meant: status of a namespace' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l api-group -d 'Only resources of this API group; "" is the core group' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l cached -d 'Use the cached list; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l categories -d 'Only resources in all of these categories' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l namespaced -d 'Only resources within namespaces; =false for those outside' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l no-headers -d 'No header line' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -s o -l output -d 'Output format: wide, name, json, yaml, kyaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l show-managed-fields -d 'Show metadata.managedFields; accepted, resources have none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l sort-by -d 'Sort by name or by kind, instead of by group' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l verbs -d 'Only resources that have all of these verbs' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-resources" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand api-versions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l api-version -d 'Explain this version of the resource, as GROUP/VERSION' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l max-depth -d 'How many levels of fields --recursive shows; 0 all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -s o -l output -d 'Output format: plaintext, plaintext-openapiv2' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -s R -l recursive -d 'The fields of fields too, without descriptions' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "view" -d 'Show the kubeconfig, without its secrets unless asked for'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "get-contexts" -d 'List the contexts, or some of them'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "current-context" -d 'Print the name of the context in use'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "use-context" -d 'Use another context'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "use" -d 'Use another context'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "set-context" -d 'Make or change a context'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "set-cluster" -d 'Make or change a cluster'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "set-credentials" -d 'Make or change a user'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "set" -d 'Set one field'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "unset" -d 'Unset one field, or remove an entry'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "rename-context" -d 'Give a context another name'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "delete-context" -d 'Remove a context'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "delete-cluster" -d 'Remove a cluster'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "delete-user" -d 'Remove a user'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "get-clusters" -d 'List the names of the clusters'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and not __fish_seen_subcommand_from view get-contexts current-context use-context use set-context set-cluster set-credentials set unset rename-context delete-context delete-cluster delete-user get-clusters get-users" -f -a "get-users" -d 'List the names of the users'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l merge -d 'Merge all files; false shows the one that --kubeconfig names as it is' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l raw -d 'Show tokens, passwords, certificates and keys' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l flatten -d 'Put the content of certificate and key files in the place of their paths, and show it' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l minify -d 'Show what the context in use, or that of --context, needs, and no more' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -s o -l output -d 'Output format: json, yaml, kyaml, name, go-template, go-template-file, jsonpath, jsonpath-as-json, jsonpath-file …' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l template -d 'Template, or its file for -o go-template-file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l allow-missing-template-keys -d 'Ignore what a template names and the object has not' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l show-managed-fields -d 'Show metadata.managedFields in json and yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from view" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s o -l output -d 'Output format: name' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l no-headers -d 'Leave the line with the names of the columns out' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from current-context" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use-context" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l current -d 'Change the context in use' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l cluster -d 'Name of the cluster of the context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l user -d 'Name of the user of the context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -s n -l namespace -d 'Namespace of the context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-context" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l embed-certs -d 'Copy the certificate authority\'s certificate into the kubeconfig' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l proxy-url -d 'Proxy to the cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s s -l server -d 'Address of the cluster\'s API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l embed-certs -d 'Copy certificate and key into the kubeconfig' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l auth-provider -d 'Name of an auth provider' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l auth-provider-arg -d 'KEY=VALUE to set, or KEY- to remove, of the auth provider\'s fields; several with commas' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-command -d 'Exec credential plugin: the program to run' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-api-version -d 'Version of the API that the plugin speaks' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-arg -d 'Argument of the plugin; several with commas, and in the place of all that it has' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-env -d 'NAME=VALUE to set, or NAME- to remove, of the plugin\'s environment' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-interactive-mode -d 'Whether the plugin may use standard input: Never, IfAvailable or Always' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l exec-provide-cluster-info -d 'Tell the plugin about the cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l set-raw-bytes -d 'Take VALUE of a field of bytes as it is, not as base64' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand config; and __fish_seen_subcommand_from get-users" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand cluster-info" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l listen -d 'Loopback address and port; port 0 is any that is free' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l store -d '"memory", or the file to keep everything in; the file of --local where none is named' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l exit-with-parent -d 'Stop when the process that started this one ends, even if it is killed' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l exit-with-fd -d 'Stop when the other end of this inherited pipe or socket is closed' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l load -d 'Manifests to create before the command runs: files, directories; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l exit-with-fd -d 'Stop when the other end of this inherited pipe or socket is closed' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand with-server" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand reap-server" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l client -d 'Only this program\'s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -s o -l output -d 'json or yaml' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand options" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l local -d 'Use the embedded server on a file instead of a cluster (default $XDG_DATA_HOME/ksecret/local.db)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l fallback -d 'Hand what is not ours to this program: other verbs, kinds and manifests (default $KSECRET_FALLBACK, else refused)' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l kubeconfig -d 'Path of the kubeconfig file' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l context -d 'Name of the kubeconfig context' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l cluster -d 'Name of the kubeconfig cluster' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l user -d 'Name of the kubeconfig user' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -s n -l namespace -d 'Namespace of this request' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -s s -l server -d 'Address of the API server' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l token -d 'Bearer token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l username -d 'Username for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l password -d 'Password for basic authentication' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l certificate-authority -d 'File with the certificate authority\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l client-certificate -d 'File with the client certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l client-key -d 'File with the client\'s key' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l insecure-skip-tls-verify -d 'Do not check the server\'s certificate: anyone on the way can read and change everything' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l tls-server-name -d 'Name to expect in the server\'s certificate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l as -d 'User to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l as-group -d 'Group to impersonate; repeatable' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l as-uid -d 'UID to impersonate' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l disable-compression -d 'Do not ask the server for compressed answers' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -s v -l v -d 'Say what is asked of the server, more with each level; never a body, never a token' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l cache-dir -d 'Where kubectl caches discovery; accepted, nothing is cached here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l warnings-as-errors -d 'Treat warnings of the server as errors' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l match-server-version -d 'Check that the server\'s version matches; accepted, the API of Secrets is the same in all of them' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l log-flush-frequency -d 'klog\'s flush interval; accepted, nothing is buffered' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l profile -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l profile-output -d 'kubectl\'s own profile; accepted, there is none' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l kuberc -d 'Where kubectl keeps its aliases and defaults; accepted, there are none here' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l vmodule -d 'klog\'s per-file levels; accepted, -v is for all' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l color -d 'Colour on a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -l request-timeout -d 'How long to wait for one answer: 0 for ever, else seconds or a duration like 1m30s' -r
complete -c ksecret -n "__fish_ksecret_using_subcommand completion" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "create" -d 'Create a Secret or a namespace, from flags or from files'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "get" -d 'Show one, several or all Secrets'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "decode" -d 'Show the values of Secrets, decoded'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "edit" -d 'Edit Secrets in your editor, as kubectl does or with readable values'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "describe" -d 'Show what a Secret holds, without its values'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "delete" -d 'Delete Secrets by name, selector or file'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "apply" -d 'Make the server have what manifests say'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "diff" -d 'Show what an apply would change, without the values'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "kustomize" -d 'Print what a kustomization builds'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "patch" -d 'Change fields of a Secret with a patch'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "replace" -d 'Replace a Secret by a manifest'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "label" -d 'Set or remove labels'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "annotate" -d 'Set or remove annotations'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "wait" -d 'Wait until Secrets exist, are gone, or have a value'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "auth" -d 'Ask what this user may do'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "api-resources" -d 'Print the resources that the server has'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "api-versions" -d 'Print the API versions that the server has'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "explain" -d 'Show what the fields of a resource mean'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "config" -d 'Show and change kubeconfig files'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "cluster-info" -d 'Print the addresses of the control plane and of the cluster\'s services'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "serve" -d 'Run the embedded API server on a loopback port'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "with-server" -d 'Run a command with a fresh embedded API server of its own'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "reap-server" -d 'Clean up after a with-server that was killed'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "version" -d 'Print the versions of this program and of the server'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "options" -d 'Print the flags that every command takes'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "completion" -d 'Print a completion script for a shell'
complete -c ksecret -n "__fish_ksecret_using_subcommand help; and not __fish_seen_subcommand_from create get decode edit describe delete apply diff kustomize patch replace label annotate wait auth api-resources api-versions explain config cluster-info serve with-server reap-server version options completion help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'

# Words of the fallback: it is asked if KSECRET_FALLBACK names one.
function __fish_ksecret_fallback
    set -q KSECRET_FALLBACK; and test -n "$KSECRET_FALLBACK"; or return
    set -l typed (commandline -opc)
    set -l last (commandline -ct)
    test (count $last) -gt 0; or set last ''
    $typed[1] __complete $typed[2..-1] $last[1] 2>/dev/null | string match -v -r '^(:[0-9]|_activeHelp_)'
end

complete -c ksecret -a '(__fish_ksecret_fallback)'
