using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>Attention of one head from its definition to the library's kernel, each step timed and checked.</summary>
internal static class AttentionLadder
{
    internal static void Run(int length, int threads, string? svg, TextWriter output)
    {
        var head = new Head(Inputs.Values(length * Head.Size), Inputs.Values(length * Head.Size),
            Inputs.Values(length * Head.Size), length);
        AttentionRung[] rungs =
        [
            AttentionRung.OnArrays("whole matrix", WholeMatrix.Attend),
            AttentionRung.OnArrays("online softmax", OnlineSoftmax.Attend),
            AttentionRung.OnArrays("vectors", OnlineVectors.Attend),
            AttentionRung.OnArrays("blocks of keys", KeyBlocks.Attend),
            LibraryAttention.Definition(1),
            LibraryAttention.Tiled("SeqCore", 1, AttentionOptions.Full),
            LibraryAttention.Tiled("SeqCore", threads, AttentionOptions.Full),
            LibraryAttention.Tiled("SeqCore, causal", 1, AttentionOptions.Causal),
            LibraryAttention.Tiled("SeqCore, causal", threads, AttentionOptions.Causal),
        ];
        var bars = new List<(string, double)>();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"softmax(q k' / {Math.Sqrt(Head.Size)}) v, {length} queries and keys of {Head.Size}"));
        output.WriteLine($"{"step",-16} {"threads",7} {"ms",10} {"GFLOP/s",9} {"gain",7} {"memory",12}");
        var first = 0.0;
        foreach (var rung in rungs)
        {
            var way = rung.Prepare(head);
            var seconds = Timing.Least(way.Attend);
            AttentionCheck.Check(rung, way.Result(), head);
            first = first == 0 ? seconds : first;

            // Two products for each pair of a query and a key that it sees.
            var pairs = rung.IsCausal ? length * (length + 1.0) / 2 : (double)length * length;
            var rate = 4 * Head.Size * pairs / seconds / 1e9;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{rung.Name,-16} {rung.Threads,7} {seconds * 1e3,10:0.00} {rate,9:0.0} {first / seconds,6:0.0}x"
                    + $" {way.ExtraBytes() / 1024.0,8:#,0} KiB"));
            output.Flush();
            bars.Add(($"{rung.Name}{(rung.Threads > 1 ? $", {rung.Threads} threads" : "")}", rate));
        }

        OptionKinds.WriteSvg(svg, () =>
            BarChart.ToSvg($"Attention, {length} queries and keys of {Head.Size}, float32", "GFLOP/s", bars));
    }
}
