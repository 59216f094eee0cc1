// Every test has namespaces, processes and a store of its own, but the machine is one: starts have deadlines.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 2)]
