using System.Text.Json;
using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Transformer;

/// <summary>One case of transformer.json: loads the weights, runs the module, compares its result and all gradients.</summary>
internal sealed class LayerGolden
{
    private const float Tolerance = 1e-5f;

    private readonly Dictionary<string, Tensor> tensors;

    internal LayerGolden(string group, string name)
    {
        Case = Golden.Read("transformer.json").GetProperty(group).GetProperty(name);
        tensors = Tensors("tensors");
    }

    internal JsonElement Case { get; }

    internal bool NormFirst => Case.GetProperty("normFirst").GetBoolean();

    internal FeedForwardActivation Activation =>
        Case.GetProperty("activation").GetString() == "relu" ? FeedForwardActivation.Relu : FeedForwardActivation.Gelu;

    internal IndexTensor? Lengths =>
        Case.GetProperty("lengths") is { ValueKind: JsonValueKind.Array } l ? IndexTensor.FromSpan(l.Integers(), [2]) : null;

    internal static TheoryData<string> Names(string group) =>
        [.. Golden.Read("transformer.json").GetProperty(group).EnumerateObject().Select(c => c.Name)];

    internal Tensor this[string name] => tensors[name];

    internal void Compare(Module module, string[] inputs, Func<Variable[], Variable> run)
    {
        module.LoadStateDictionary(Tensors("state"));
        var leaves = Array.ConvertAll(inputs, i => new Variable(tensors[i], requiresGradient: true));
        using var tape = new Tape();
        var y = run(leaves);
        y.Value.ShouldBeCloseTo(tensors["y"], Tolerance, "y");
        tape.Backward(y, tensors["dy"]);
        for (var i = 0; i < inputs.Length; i++)
            leaves[i].Gradient!.ShouldBeCloseTo(tensors["d" + inputs[i]], Tolerance, "d" + inputs[i]);
        var parameters = module.NamedParameters().ToDictionary();
        foreach (var (name, gradient) in Tensors("gradients"))
            parameters[name].Gradient!.ShouldBeCloseTo(gradient, Tolerance, "d" + name);
    }

    private Dictionary<string, Tensor> Tensors(string name) =>
        Case.GetProperty(name).EnumerateObject().ToDictionary(t => t.Name, t => t.Value.ToTensor());
}
