using System.Net;
using Weft.Services;

namespace Weft.Control.Services;

/// <summary>The datapath's tables of services, as the reconciler writes them.</summary>
/// <remarks>Every method but <see cref="Adopt"/> throws <see cref="ServiceMapException"/> when a table refuses, and then has changed nothing.</remarks>
public interface IServiceMaps
{
    /// <summary>What an agent before this one left.</summary>
    ServiceMapContent Adopt();

    /// <summary>Makes the frontend what the entry says in one step: no packet sees half of it.</summary>
    void PutFrontend(FrontendEntry entry);

    void RemoveFrontend(FrontendKey key);

    void PutBackend(uint id, Backend backend);

    /// <summary>Ends the flows that have the backend.</summary>
    void RemoveBackend(uint id);

    /// <param name="frontend">Its id.</param>
    /// <param name="backends">Ids, one for each slot of a <see cref="MaglevTable"/>.</param>
    void PutMaglev(uint frontend, ReadOnlySpan<uint> backends);

    void RemoveMaglev(uint frontend);

    /// <param name="frontend">Its id.</param>
    /// <param name="ranges">All that there are to be.</param>
    void SetSourceRanges(uint frontend, IReadOnlyCollection<IPNetwork> ranges);

    /// <summary>Makes clients forget backends: those of new connections, established ones go on.</summary>
    /// <param name="isStale">Told the ids of frontend and backend.</param>
    void ForgetAffinities(Func<uint, uint, bool> isStale);

    /// <summary>Waits until no packet is under way that was told what a frontend was before.</summary>
    void Settle();
}
