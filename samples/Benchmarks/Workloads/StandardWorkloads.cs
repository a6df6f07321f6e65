namespace SeqCore.Benchmarks;

/// <summary>The workloads of docs/benchmarks.md.</summary>
internal static class StandardWorkloads
{
    /// <summary>What is timed where no name is given, and compared with other libraries.</summary>
    internal static readonly IReadOnlyList<string> Names =
    [
        "matmul/128", "matmul/256", "matmul/512", "matmul/1024", "matmul/2048",
        "matmul_nt/1x1024x4096", "matmul_nt/32x1024x4096", "matmul_nt/3200x256x4096", "matmul_nt/768x3072x64",
        "softmax/4096x1024", "layernorm/4096x1024", "gelu/4096x1024", "gelu_erf/4096x1024", "cross_entropy_fwdbwd/2048x8192",
        "lstm_fwd/4x100x256x1024", "lstm_fwdbwd/4x100x256x1024", "lstm_fwd/32x100x256x1024", "lstm_fwdbwd/32x100x256x1024",
        "lstm_fwd/64x64x128x256", "lstm_fwdbwd/64x64x128x256", "lstm_fwd/16x256x64x128", "lstm_fwdbwd/16x256x64x128",
        "bilstm_fwd/1x15x24x32", "bilstm_fwdbwd/1x15x24x32", "bilstm_fwd/1x31x48x32", "bilstm_fwdbwd/1x31x48x32",
        "bilstm_fwd/1x63x96x32", "bilstm_fwdbwd/1x63x96x32",
        "gru_fwd/32x100x256x1024", "gru_fwdbwd/32x100x256x1024", "gru_fwd/64x64x128x256", "gru_fwdbwd/64x64x128x256",
        "gru_fwd/16x256x64x128", "gru_fwdbwd/16x256x64x128",
        "rnn_fwd/64x64x128x256", "rnn_fwdbwd/64x64x128x256", "rnn_fwd/16x256x64x128", "rnn_fwdbwd/16x256x64x128",
        "lstm_step/1x256x1024", "lstm_step/1x64x128",
        "sdpa_fwd_full/8x8x256x64", "sdpa_fwdbwd_full/8x8x256x64", "sdpa_fwd_full/4x8x1024x64", "sdpa_fwdbwd_full/4x8x1024x64",
        "sdpa_fwd_full/1x8x4096x64", "sdpa_fwdbwd_full/1x8x4096x64",
        "sdpa_fwd_causal/8x8x256x64", "sdpa_fwdbwd_causal/8x8x256x64", "sdpa_fwd_causal/4x8x1024x64",
        "sdpa_fwdbwd_causal/4x8x1024x64",
        "sdpa_fwd_causal/1x8x4096x64", "sdpa_fwdbwd_causal/1x8x4096x64",
        "adam_step/10000000",
        "train_charlstm/4x100x83x256x1024x1", "train_charlstm/32x128x65x128x512x2",
        "train_classifier/32x80x20000x128x128", "train_classifier/32x500x20000x128x128",
        "train_gpt/12x64x65x128x4x4", "train_gpt/8x256x65x384x6x6",
        "generate_charlstm/200x83x256x1024x1", "generate_gpt/200x65x384x6x6",
    ];

    /// <summary>
    /// The limits of the machine, with which figures are compared: arithmetic, memory, and reading as many numbers as the weights
    /// have in each workload of one row.
    /// </summary>
    internal static readonly IReadOnlyList<string> Limits =
    [
        "fma_peak/1000000", "copy/100000000", "read/100000000",
        "read/98304", "read/4194304", "read/5242880", "read/10616832",
    ];

    /// <summary>Whether a workload is a limit of the machine: a figure that no other library has.</summary>
    internal static bool IsLimit(WorkloadName name) => name.Kind.Name is "fma_peak" or "copy" or "read";
}
