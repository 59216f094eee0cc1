using Weft.Abi;

namespace Datapath.Harness;

/// <summary>Fills the maps of services as an agent would.</summary>
internal static class ServiceMaps
{
    /// <summary>The id of a backend is that of its pod.</summary>
    public static uint IdOf(Pod backend) => backend.Id;

    /// <summary>Both lists have the same backends.</summary>
    public static void Add(ProgramObjects programs, ServiceKey key, ServiceValue service, Family family, ushort port, Pod[] backends)
    {
        service.Count[(int)ServiceList.Internal] = (ushort)backends.Length;
        service.Count[(int)ServiceList.External] = (ushort)backends.Length;
        for (int slot = 0; slot < backends.Length; slot++)
        {
            Pod backend = backends[slot];
            programs.Map("weft_backends").As<uint, BackendValue>()
                .Update(IdOf(backend), new BackendValue { Addr = backend.On(family), Port = port, Proto = key.Proto });
            foreach (ServiceList list in new[] { ServiceList.Internal, ServiceList.External })
            {
                programs.Map("weft_service_slots").As<ServiceSlotKey, uint>().Update(
                    new ServiceSlotKey { ServiceId = service.Id, Generation = service.Generation, List = list, Slot = (uint)slot },
                    IdOf(backend));
            }
        }

        programs.Map("weft_services").As<ServiceKey, ServiceValue>().Update(key, service);
    }
}
