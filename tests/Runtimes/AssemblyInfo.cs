// Labs share two CPUs with the programs under test: one test at a time keeps times meaningful and logs readable.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(EndToEnd.Harness.NothingLeft))]
