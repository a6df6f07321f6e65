using System.Runtime.CompilerServices;

namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>Loads, stores, atomic operations and asynchronous copies.</summary>
internal static unsafe class PtxMemory
{
    internal static Action<PtxThread> Compile(PtxKernel kernel, string[] parts, List<string> operands) => parts[0] switch
    {
        "ld" => Load(kernel, parts, operands),
        "st" => Store(kernel, parts, operands),
        "cp" => Copy(kernel, parts, operands),
        _ => Atomic(kernel, parts, operands),
    };

    private static Action<PtxThread> Load(PtxKernel kernel, string[] parts, List<string> operands)
    {
        var (at, offset) = kernel.Address(operands[1]);
        var targets = operands[0].Trim('{', '}').Split(',').Select(kernel.Slot).ToArray();
        var type = parts[^1];
        var size = Size(type);
        var address = Space(parts, at, offset, size * targets.Length);
        return t =>
        {
            var from = address(t);
            for (var i = 0; i < targets.Length; i++)
                t.Registers[targets[i]] = Read(from + (i * size), type);
        };
    }

    private static Action<PtxThread> Store(PtxKernel kernel, string[] parts, List<string> operands)
    {
        var (at, offset) = kernel.Address(operands[0]);
        var sources = operands[1].Trim('{', '}').Split(',').Select(kernel.Slot).ToArray();
        var size = Size(parts[^1]);
        var address = Space(parts, at, offset, size * sources.Length);
        return t =>
        {
            var to = address(t);
            for (var i = 0; i < sources.Length; i++)
                Write(to + (i * size), size, t.Registers[sources[i]]);
        };
    }

    // What was asked for arrives only at the wait that covers it.
    private static Action<PtxThread> Copy(PtxKernel kernel, string[] parts, List<string> operands)
    {
        if (parts.Contains("commit_group"))
            return static t => t.Copies.Add([]);
        if (parts.Contains("wait_all"))
            return static t => t.FinishCopies(0);
        if (parts.Contains("wait_group"))
        {
            var kept = kernel.Slot(operands[0]);
            return t => t.FinishCopies((int)t.Registers[kept] + 1);
        }

        var (to, toOffset) = kernel.Address(operands[0]);
        var (from, fromOffset) = kernel.Address(operands[1]);
        var bytes = kernel.Slot(operands[2]);
        var given = operands.Count > 3 ? kernel.Slot(operands[3]) : bytes;
        return t =>
        {
            var source = (byte*)t.Registers[from] + fromOffset;
            var target = t.Group.Shared + (uint)t.Registers[to] + toOffset;
            int count = (int)t.Registers[bytes], real = (int)t.Registers[given];
            if (((ulong)source % (ulong)count, (ulong)(target - t.Group.Shared) % (ulong)count) != (0, 0))
                throw new InvalidOperationException($"cp.async of {count} bytes is not aligned to its size.");
            var place = (int)(target - t.Group.Shared);
            var block = t.Group.Map.Check((ulong)source, real, "cp.async");
            t.Group.Watch.Write(place, count, t.Index);
            t.Group.Traffic?.NoteShared(t, (ulong)place, count, writes: true);
            if (real > 0)
                t.Group.Traffic?.NoteGlobal(t, (ulong)source, block, real, writes: false);
            void Arrive()
            {
                t.Group.Watch.Write(place, count, t.Index);
                Unsafe.InitBlockUnaligned(target, 0, (uint)count);
                Unsafe.CopyBlockUnaligned(target, source, (uint)real);
            }

            if (t.Group.CopiesAtOnce)
                Arrive();
            else
                t.Copies[^1].Add(Arrive);
        };
    }

    private static Action<PtxThread> Atomic(PtxKernel kernel, string[] parts, List<string> operands)
    {
        var returns = parts[0] == "atom";
        var d = returns ? kernel.Slot(operands[0]) : -1;
        var rest = operands.Skip(returns ? 1 : 0).ToList();
        var (at, offset) = kernel.Address(rest[0]);
        var x = kernel.Slot(rest[1]);
        var y = rest.Count > 2 ? kernel.Slot(rest[2]) : 0;
        var type = parts[^1];
        var size = Size(type);
        var address = Space(parts, at, offset, size);
        Func<ulong, PtxThread, ulong> next =
            parts.First(p => p is "add" or "exch" or "cas" or "min" or "max" or "and" or "or" or "xor" or "inc") switch
            {
                "add" when type == "f32" =>
                    (old, t) => BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)old) + t.Float(x)),
                "add" => (old, t) => old + t.Registers[x],
                "exch" => (_, t) => t.Registers[x],
                "cas" => (old, t) => old == (size == 4 ? (uint)t.Registers[x] : t.Registers[x]) ? t.Registers[y] : old,
                "max" when type == "s32" => (old, t) => (uint)Math.Max((int)old, (int)t.Registers[x]),
                "min" when type == "s32" => (old, t) => (uint)Math.Min((int)old, (int)t.Registers[x]),
                "max" => (old, t) => Math.Max(old, t.Registers[x]),
                "min" => (old, t) => Math.Min(old, t.Registers[x]),
                "and" => (old, t) => old & t.Registers[x],
                "or" => (old, t) => old | t.Registers[x],
                "xor" => (old, t) => old ^ t.Registers[x],
                _ => throw PtxInstructions.Unknown(string.Join('.', parts)),
            };
        return t =>
        {
            var place = address(t);
            var old = Read(place, size == 4 ? "u32" : "u64");
            Write(place, size, next(old, t));
            if (d >= 0)
                t.Registers[d] = old;
        };
    }

    private delegate byte* Find(PtxThread thread);

    private static Find Space(string[] parts, int at, int offset, int bytes)
    {
        Find place = parts.FirstOrDefault(p => p is "param" or "shared" or "local" or "global") switch
        {
            "param" => t => (byte*)Unsafe.AsPointer(ref t.Group.Parameters[offset]),
            "shared" => t => t.Group.Shared + (uint)t.Registers[at] + offset,
            "local" => t => (byte*)Unsafe.AsPointer(ref t.Local[(int)t.Registers[at] + offset]),
            _ => t => (byte*)t.Registers[at] + offset,
        };
        if (parts.Contains("param") || parts.Contains("local"))
            return place;

        var isShared = parts.Contains("shared");
        var instruction = string.Join('.', parts);
        bool writes = parts[0] is not "ld", isAtomic = parts[0] is "atom" or "red";
        return t =>
        {
            var found = place(t);
            var from = isShared ? (ulong)(found - t.Group.Shared) : (ulong)found;

            // Devices stop at an address that is not a multiple of what is loaded.
            if (from % (ulong)bytes != 0)
            {
                throw new InvalidOperationException(
                    $"'{string.Join('.', parts)}' of {bytes} bytes at an address that is not a multiple of them.");
            }

            if (!isShared)
            {
                var block = t.Group.Map.Check(from, bytes, instruction);
                t.Group.Traffic?.NoteGlobal(t, from, block, bytes, writes);
                if (writes && !isAtomic)
                    t.Group.GlobalWatch?.Write(from, bytes, t, instruction);
                else if (!isAtomic)
                    t.Group.GlobalWatch?.Read(from, bytes, t, instruction);
            }
            else if (from + (ulong)bytes > (ulong)t.Group.SharedBytes)
            {
                throw new InvalidOperationException(
                    $"'{string.Join('.', parts)}' at byte {from} of {t.Group.SharedBytes} of shared memory.");
            }
            else
            {
                t.Group.Traffic?.NoteShared(t, from, bytes, writes);
                if (writes && !isAtomic)
                    t.Group.Watch.Write((int)from, bytes, t.Index);
                else if (!isAtomic)
                    t.Group.Watch.Read((int)from, bytes, t.Index);
            }

            return found;
        };
    }

    private static int Size(string type) => type switch
    {
        "b8" or "u8" or "s8" => 1,
        "b16" or "u16" or "s16" => 2,
        "b32" or "u32" or "s32" or "f32" => 4,
        "b64" or "u64" or "s64" or "f64" => 8,
        _ => throw PtxInstructions.Unknown(type),
    };

    private static ulong Read(byte* from, string type) => type switch
    {
        "s8" => (uint)*(sbyte*)from,
        "b8" or "u8" => *from,
        "s16" => (uint)*(short*)from,
        "b16" or "u16" => *(ushort*)from,
        "b64" or "u64" or "s64" or "f64" => *(ulong*)from,
        _ => *(uint*)from,
    };

    private static void Write(byte* to, int size, ulong value)
    {
        switch (size)
        {
            case 1:
                *to = (byte)value;
                break;
            case 2:
                *(ushort*)to = (ushort)value;
                break;
            case 4:
                *(uint*)to = (uint)value;
                break;
            default:
                *(ulong*)to = value;
                break;
        }
    }
}
