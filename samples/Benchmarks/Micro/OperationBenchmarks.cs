using BenchmarkDotNet.Attributes;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Runs a named workload under BenchmarkDotNet; each operation has a class with its names.</summary>
[MemoryDiagnoser]
public abstract class OperationBenchmarks
{
    private Workload workload = null!;

    /// <summary>The workload's name: a power of two, and an awkward size.</summary>
    public abstract string Name { get; set; }

    /// <summary>Makes the inputs.</summary>
    [GlobalSetup]
    public virtual void Setup()
    {
        var name = WorkloadName.Parse(Name);
        workload = name.Kind.Create(name.Sizes);
    }

    /// <summary>One call, until the device has done it.</summary>
    [Benchmark]
    public void SeqCore()
    {
        workload.Run();
        Backend.Default.Synchronize();
    }
}

/// <summary>One Adam step.</summary>
public class AdamBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("adam_step/1048576", "adam_step/1000003")]
    public override string Name { get; set; } = "";
}

/// <summary>A residual added and the sum normalised, in one pass.</summary>
public class AddLayerNormBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("add_layernorm/4096x1024", "add_layernorm/1001x777", "add_layernorm_fwdbwd/4096x1024")]
    public override string Name { get; set; } = "";
}

/// <summary>Scaled dot-product attention in tiles, forward and backward.</summary>
public class AttentionBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("sdpa_fwdbwd_full/4x8x256x64", "sdpa_fwdbwd_causal/4x8x256x64", "sdpa_fwdbwd_full/3x5x333x40",
        "sdpa_fwdbwd_causal/3x5x333x40")]
    public override string Name { get; set; } = "";
}

/// <summary>Scaled dot-product attention in tiles.</summary>
public class AttentionForwardBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("sdpa_fwd_full/4x8x256x64", "sdpa_fwd_causal/4x8x256x64", "sdpa_fwd_full/3x5x333x40", "sdpa_fwd_causal/3x5x333x40")]
    public override string Name { get; set; } = "";
}

/// <summary>A convolution of sequences, forward and backward.</summary>
public class Conv1dBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("conv1d_fwdbwd/32x256x256x256x3", "conv1d_fwdbwd/31x101x77x99x5", "conv1d_depthwise_fwdbwd/32x256x256x7")]
    public override string Name { get; set; } = "";
}

/// <summary>The mixture of generating and copying tokens, forward and backward.</summary>
public class CopyMixtureBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("copy_mixture_fwdbwd/32x64x8192x256", "copy_mixture_fwdbwd/31x41x1777x333")]
    public override string Name { get; set; } = "";
}

/// <summary>The loss of a conditional random field with its gradients, and the best tags.</summary>
public class CrfBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("crf_fwdbwd/32x128x16", "crf_fwdbwd/31x101x21", "crf_decode/32x128x16")]
    public override string Name { get; set; } = "";
}

/// <summary>Softmax cross-entropy, forward and backward.</summary>
public class CrossEntropyBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("cross_entropy_fwdbwd/2048x8192", "cross_entropy_fwdbwd/1001x777")]
    public override string Name { get; set; } = "";
}

/// <summary>GELU by its tanh approximation.</summary>
public class GeluBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("gelu/4096x1024", "gelu/1001x777")]
    public override string Name { get; set; } = "";
}

/// <summary>Tokens sampled one by one from a GPT with cached keys and values.</summary>
public class GptGenerationBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("generate_gpt/256x65x128x4x4", "generate_gpt/99x61x60x3x2")]
    public override string Name { get; set; } = "";
}

/// <summary>One training step of a GPT: forward, cross-entropy, backward, clipping, AdamW.</summary>
public class GptTrainingBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("train_gpt/12x64x65x128x4x4", "train_gpt/5x33x61x60x3x2")]
    public override string Name { get; set; } = "";
}

/// <summary>GRU over whole sequences, forward and backward.</summary>
public class GruBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("gru_fwdbwd/64x64x128x256", "gru_fwdbwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}

/// <summary>GRU over whole sequences.</summary>
public class GruForwardBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("gru_fwd/64x64x128x256", "gru_fwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}

/// <summary>Layer normalisation of rows.</summary>
public class LayerNormBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("layernorm/4096x1024", "layernorm/1001x777")]
    public override string Name { get; set; } = "";
}

/// <summary>The product of a linear layer.</summary>
public class LinearBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("matmul_nt/32x1024x4096", "matmul_nt/1x1024x4096", "matmul_nt/33x1000x777")]
    public override string Name { get; set; } = "";
}

/// <summary>LSTM over whole sequences, forward and backward.</summary>
public class LstmBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("lstm_fwdbwd/64x64x128x256", "lstm_fwdbwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}

/// <summary>LSTM over whole sequences.</summary>
public class LstmForwardBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("lstm_fwd/64x64x128x256", "lstm_fwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}

/// <summary>One step of an LSTM.</summary>
public class LstmStepBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("lstm_step/1x256x1024", "lstm_step/3x100x250")]
    public override string Name { get; set; } = "";
}

/// <summary>Root-mean-square normalisation of rows.</summary>
public class RmsNormBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("rmsnorm/4096x1024", "rmsnorm/1001x777", "rmsnorm_fwdbwd/4096x1024")]
    public override string Name { get; set; } = "";
}

/// <summary>Elman network over whole sequences, forward and backward.</summary>
public class RnnBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("rnn_fwdbwd/64x64x128x256", "rnn_fwdbwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}

/// <summary>Elman network over whole sequences.</summary>
public class RnnForwardBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("rnn_fwd/64x64x128x256", "rnn_fwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}

/// <summary>Rotary positions on all heads.</summary>
public class RotaryBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("rotary/8x512x16x64", "rotary/3x333x7x38", "rotary_fwdbwd/8x512x16x64")]
    public override string Name { get; set; } = "";
}

/// <summary>Softmax over rows.</summary>
public class SoftmaxBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("softmax/4096x1024", "softmax/1001x777")]
    public override string Name { get; set; } = "";
}

/// <summary>A gated activation, gate and value side by side.</summary>
public class SwiGluBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("swiglu/4096x1024", "swiglu/1001x777", "swiglu_fwdbwd/4096x1024")]
    public override string Name { get; set; } = "";
}
