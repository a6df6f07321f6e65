namespace SeqCore.Models;

/// <summary>Modules under a common name, where PyTorch's names have a level that computes nothing of its own.</summary>
internal sealed class ModuleGroup : Module
{
    internal T Add<T>(string name, T child) where T : Module => Register(name, child);
}
