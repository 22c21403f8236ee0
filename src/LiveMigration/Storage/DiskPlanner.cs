using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Storage.Images;
using LiveMigration.Units;

namespace LiveMigration.Storage;

/// <summary>Facts and options → what happens to each disk. Pure: the same facts give the same plan.</summary>
internal static class DiskPlanner
{
    /// <summary>Decides for each disk.</summary>
    /// <exception cref="LiveMigrationException">A disk cannot be handled as asked, and why.</exception>
    internal static IReadOnlyList<DiskMove> Plan(IReadOnlyList<DiskFacts> disks, StorageOptions options, string source, string destination)
    {
        CopyRules.CheckNames(disks, options, source);
        var judged = disks.Select(disk => (Facts: disk, Judgement: DiskEvidence.Judge(disk, options, source, destination))).ToList();
        var copied = judged.Where(disk => Travels(disk.Facts, disk.Judgement, options)).Select(disk => disk.Facts).ToList();
        foreach (var (facts, judgement) in judged.Where(disk => options.Disks.Contains(disk.Facts.Disk.Target)))
            CopyRules.CheckAsked(facts, judgement, source, destination);
        foreach (var (facts, judgement) in judged.Where(disk => !copied.Contains(disk.Facts)))
            CopyRules.CheckLeft(facts, judgement, options, source, destination);
        CopyRules.CheckSet(copied, options, source, destination);
        var incremental = IsIncremental(copied, options);
        var moves = judged.Select(disk => Move(disk.Facts, disk.Judgement, copied.Contains(disk.Facts), incremental, options)).ToList();
        foreach (var (facts, move) in copied.Select(facts => (facts, moves.First(move => move.Target == facts.Disk.Target))))
        {
            ImageRules.Check(facts, move, options, source, destination);
            SourceImageRules.Check(facts, move, source);
            ContentRules.Check(facts, move, options, source, destination);
        }

        ImageRules.CheckSpace(moves, options, destination);
        return moves;
    }

    /// <summary>What is not proven to be shared is copied, unless that could overwrite what is the disk itself, or may be somebody else's.</summary>
    private static bool Travels(DiskFacts facts, DiskVerdict judgement, StorageOptions options)
    {
        var disk = facts.Disk;
        if (options.Copy is CopyStorage.None || !StorageFacts.IsOnHost(disk) || facts.DestinationPath is null || !IsWritable(disk))
            return false;
        if (options.Disks.Count > 0 && !options.Disks.Contains(disk.Target))
            return false;
        return judgement.Access switch
        {
            StorageAccess.Local => true,
            // A device under another name may be the same one, and a copy onto itself would write old blocks over new ones.
            StorageAccess.Unknown when facts.GoesToDevice => facts.IsMapped && (options.Copy is not null || options.Disks.Contains(disk.Target)),
            // Of what may be one folder after all, a list of files that shows none is no proof that there is none.
            StorageAccess.Unknown => facts is { DestinationVolume: null, IsContradicted: false },
            _ => false,
        };
    }

    internal static bool IsWritable(DomainDisk disk) => disk is { ReadOnly: false, Shareable: false, Removable: false, Device: "disk" };

    /// <summary>libvirt copies all disks in one way: above the backing file only where that will do for every disk that has one.</summary>
    private static bool IsIncremental(List<DiskFacts> copied, StorageOptions options)
    {
        var overlays = copied.Where(disk => disk.Base is not null).ToList();
        return options.Copy is not CopyStorage.Full && overlays.Count > 0 && overlays.TrueForAll(disk => disk.Base!.IsSame);
    }

    private static DiskMove Move(DiskFacts facts, DiskVerdict judgement, bool travels, bool incremental, StorageOptions options)
    {
        var disk = facts.Disk;
        var above = travels && incremental && facts.Base is not null;
        var capacity = disk.Capacity ?? facts.SourceVolume?.Capacity;
        var format = disk.Format ?? facts.SourceVolume?.Format;
        var makes = travels && (facts.DestinationVolume is null || facts.Replaces);
        // A copy of an overlay without its backing file takes in what lies below.
        var whole = travels && !above && facts.SourceChain.Count > 1;
        var backing = above ? facts.SourceVolume!.Backing : null;
        return new DiskMove
        {
            Target = disk.Target,
            Access = judgement.Access,
            Evidence = !judgement.IsShared && facts.Content is { IsSame: true } same ? $"{same.Finding}."
                : travels && facts.Base is { } match ? $"{judgement.Evidence} Backing file: {match.Finding}." : judgement.Evidence,
            Transfer = !travels ? DiskTransfer.None : above ? DiskTransfer.Incremental : DiskTransfer.Full,
            Source = disk.Source,
            Destination = facts.DestinationPath ?? disk.Source,
            Format = format,
            Capacity = capacity,
            Bytes = !travels ? 0 : whole ? facts.SourceChain.Sum(layer => layer.Allocation) : facts.SourceVolume?.Allocation ?? capacity,
            MakesImage = makes,
            Loses = travels ? ContentRules.Losses(facts) : null,
            Header = facts.Header,
            Replaced = makes ? facts.DestinationVolume : null,
            // What lay on the device before may look like an image of any size.
            TakesPart = travels && facts.GoesToDevice && format == "raw" && facts.DestinationVolume?.Length > capacity,
            SourceDisk = travels ? options.SourceDisk : SourceDisk.Keep,
            SourceVolume = facts.SourceVolume,
            Backing = makes ? backing : null,
            Encryption = makes && backing is null && format is "qcow2" or "raw" ? disk.Encryption : null,
            Pool = !travels ? null : options.AllowPoolSetup && facts.DestinationPool is null or { IsMomentary: true } ? PoolSetup.For(facts.DestinationPath!) : facts.DestinationPool,
            FolderMode = facts.SourcePool?.Mode,
        };
    }
}
