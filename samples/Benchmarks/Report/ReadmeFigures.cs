namespace SeqCore.Benchmarks;

/// <summary>The figures of README.md: some workloads in plain words.</summary>
internal static class ReadmeFigures
{
    /// <summary>The rows of the table.</summary>
    internal static readonly IReadOnlyList<(string Name, string Words)> Rows =
    [
        ("matmul/2048", "matrix product, 2048 x 2048"),
        ("matmul_nt/3200x256x4096", "linear layer, 3200 rows, 256 to 4096"),
        ("lstm_fwdbwd/32x100x256x1024", "LSTM of 1024 units, 32 sequences of 100, forward and backward"),
        ("lstm_fwdbwd/64x64x128x256", "LSTM of 256 units, 64 sequences of 64, forward and backward"),
        ("gru_fwdbwd/32x100x256x1024", "GRU of 1024 units, 32 sequences of 100, forward and backward"),
        ("sdpa_fwdbwd_causal/4x8x1024x64", "causal attention, 4 x 8 heads of 64, 1024 steps, forward and backward"),
        ("sdpa_fwdbwd_full/1x8x4096x64", "attention, 8 heads of 64, 4096 steps, forward and backward"),
        ("cross_entropy_fwdbwd/2048x8192", "cross-entropy, 2048 rows of 8192, forward and backward"),
        ("train_charlstm/32x128x65x128x512x2", "training step, two-layer LSTM of 512 units"),
        ("train_gpt/8x256x65x384x6x6", "training step, GPT of 6 blocks of 384 channels, 8 x 256 tokens"),
        ("generate_charlstm/200x83x256x1024x1", "200 characters from an LSTM of 1024 units"),
        ("generate_gpt/200x65x384x6x6", "200 tokens from that GPT"),
    ];

    /// <summary>A sentence and a table; workloads that the file lacks are left out.</summary>
    internal static string Write(Comparison comparison)
    {
        var (machine, peers) = (comparison.File.Machine, comparison.File.Peers);
        var (each, fastest) = peers.Count switch
        {
            1 => ("", ""),
            2 => (", each", " as the faster of the two"),
            _ => (", each", " as the fastest of them"),
        };
        var sentence = $"Measured on {machine.Day} ({machine.Words}) beside {ReportText.List(peers)} on the same machine{each}"
            + $" with its best thread setting: {ReportText.Ratio(comparison.Mean)} times as fast{fastest} on average (geometric"
            + $" mean of {comparison.Ratios.Count} workloads, [docs/benchmarks.md](docs/benchmarks.md))";
        var rows = Rows.Select(row => (row.Words, Workload: comparison.Workloads.FirstOrDefault(w => w.Name.Text == row.Name)))
            .Where(row => row.Workload?.Ratio is not null).ToArray();
        if (rows.Length == 0)
            return ReportText.Paragraph($"{sentence}.");
        return ReportText.Paragraph($"{sentence}:") + "\n" + ReportText.Table(
            ["milliseconds", Library.Ours, .. peers, "ratio"],
            [.. rows.Select(row => (string[])[row.Words, ReportText.Milliseconds(row.Workload!.Ours),
                .. row.Workload.Peers.Select(ReportText.Milliseconds), ReportText.Ratio(row.Workload.Ratio, 1)])]);
    }
}
